/** The layout of the page: its panels, and the view in each of them. */

import "./page.css";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Dashboard, DashboardProvider, useDashboard } from "./state/dashboard.ts";
import { keyHelp, listenToKeys } from "./state/keys.ts";
import { Announcer } from "./views/announcer.tsx";
import { CoachCards } from "./views/coach-cards.tsx";
import { ConnectionBanner } from "./views/connection-banner.tsx";
import { PeerGraph } from "./views/graph/peer-graph.tsx";
import { KeyCard } from "./views/key-card.tsx";
import { Panel } from "./views/panel.tsx";
import { Side } from "./views/side.tsx";
import { SkeletonGraph, SkeletonTree } from "./views/skeleton.tsx";
import { Strip } from "./views/strip.tsx";
import { TimelineBar } from "./views/timeline/timeline-bar.tsx";
import { BlockTree } from "./views/tree/block-tree.tsx";

export function App({ dashboard }: { readonly dashboard: Dashboard }) {
  const isHelpOpen = useSignal(false);
  useEffect(() => listenToKeys(dashboard, isHelpOpen), [dashboard]);
  return (
    <DashboardProvider value={dashboard}>
      <Panels />
      <Announcer />
      {isHelpOpen.value && <KeyCard keys={keyHelp} onClose={() => (isHelpOpen.value = false)} />}
    </DashboardProvider>
  );
}

function Panels() {
  const { look, playback } = useDashboard();
  const isBoard = look.value === "board";
  const isEmpty = playback.moment.value.story.setting === null;
  return (
    <div class={`page ${look.value}`}>
      <header class="panel strip">
        <ConnectionBanner />
        <Strip />
      </header>
      {!isBoard && <CoachCards />}
      <Panel area="graph" title="The network">
        {isEmpty ? <SkeletonGraph /> : <PeerGraph />}
      </Panel>
      <Panel area="tree" title="The blocks">
        {isEmpty ? <SkeletonTree /> : <BlockTree />}
      </Panel>
      {!isBoard && (
        <Panel area="side" title="Details" caption="spoken">
          <Side />
        </Panel>
      )}
      {!isBoard && (
        <Panel area="timeline" title="Timeline" caption="spoken">
          <TimelineBar />
        </Panel>
      )}
    </div>
  );
}
