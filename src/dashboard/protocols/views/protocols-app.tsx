/** The layout of the page for protocols: its panels, and what is in each of them. */

import "./protocols-app.css";
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RunRecord } from "../../simulator/run-record.ts";
import type { Theme } from "../../state/dashboard.ts";
import { ThemeButton } from "../../views/elements/theme-button.tsx";
import { KeyCard } from "../../views/key-card.tsx";
import { Panel } from "../../views/panel.tsx";
import { listenToProtocolKeys, protocolKeyHelp } from "../state/protocol-keys.ts";
import {
  type ProtocolPage,
  ProtocolPageProvider,
  useProtocolPage,
} from "../state/protocol-page.ts";
import { Controls } from "./controls.tsx";
import { Diagram } from "./diagram/diagram.tsx";
import { Legend } from "./diagram/legend.tsx";
import { RunForm } from "./run-form.tsx";
import { Sentence } from "./sentence.tsx";
import { ChangeCard } from "./side/change-card.tsx";
import { EventList } from "./side/event-list.tsx";
import { ScheduleCard } from "./side/schedule-card.tsx";
import { SelectionCard } from "./side/selection-card.tsx";
import { VerdictCard } from "./side/verdict-card.tsx";

type Props = {
  readonly page: ProtocolPage;
  readonly theme: Signal<Theme>;
  /** What the page beside this one shows, if there is one. */
  readonly beside: string | undefined;
};

export function ProtocolsApp({ page, theme, beside }: Props) {
  const isHelpOpen = useSignal(false);
  useEffect(() => listenToProtocolKeys(page, isHelpOpen), [page]);
  const record = page.record.value;
  return (
    <ProtocolPageProvider value={page}>
      <main class="protocols" aria-busy={page.isBusy.value}>
        <header class="panel protocols-strip">
          <h1>powlab</h1>
          <nav class="row" aria-label="Pages">
            {beside !== undefined && <a href="/">{beside}</a>}
            <strong aria-current="page">Protocols</strong>
          </nav>
          <RunForm />
          <span class="row protocols-choices">
            <button
              type="button"
              aria-label="Keys"
              title="The keys (?)"
              onClick={() => (isHelpOpen.value = true)}
            >
              ?
            </button>
            <ThemeButton theme={theme} />
          </span>
        </header>
        {record === null ? <Waiting /> : <Run record={record} />}
      </main>
      {isHelpOpen.value && (
        <KeyCard keys={protocolKeyHelp} onClose={() => (isHelpOpen.value = false)} />
      )}
    </ProtocolPageProvider>
  );
}

function Waiting() {
  const page = useProtocolPage();
  const { schedule } = page.address.value;
  return (
    <section class="panel protocols-waiting stack">
      <p role="status">{page.problem.value ?? "The simulator is loaded, and computes the run…"}</p>
      {page.problem.value !== null && schedule !== "" && (
        <input
          type="text"
          class="mono"
          aria-label="Schedule of faults"
          value={schedule}
          onChange={({ currentTarget: { value } }) => {
            page.open({ ...page.address.value, schedule: value });
          }}
        />
      )}
    </section>
  );
}

function Run({ record }: { readonly record: RunRecord }) {
  const page = useProtocolPage();
  useEffect(() => {
    let isOver = false;
    // Behind the picture with the new run.
    requestAnimationFrame(() => {
      if (!isOver) page.drawn(performance.now());
    });
    return () => (isOver = true);
  }, [record]);
  return (
    <>
      <Panel area="diagram" title="Space and time" caption="spoken">
        <Sentence record={record} />
        <Diagram record={record} />
        <details class="legend-fold">
          <summary>What the signs mean</summary>
          <Legend />
        </details>
      </Panel>
      <Panel area="side" title="What one can change" caption="spoken">
        <div class="protocols-side">
          <ChangeCard />
          <SelectionCard record={record} />
          <ScheduleCard record={record} />
          <VerdictCard record={record} />
          <EventList record={record} />
        </div>
      </Panel>
      <Controls record={record} />
    </>
  );
}
