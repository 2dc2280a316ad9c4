/** The panel at the side: one of its tabs. */

import "./side.css";
import { useEffect } from "preact/hooks";
import { type SideTab, useDashboard } from "../state/dashboard.ts";
import { tabNames, tabsOf } from "../state/tabs.ts";
import { isUnderWay } from "../story/attack-plan.ts";
import { AttackConsole } from "./attack-console.tsx";
import { Inspector } from "./inspector/inspector.tsx";
import { Mempools } from "./mempools.tsx";
import { Miners } from "./miners.tsx";
import { WalletCard } from "./wallet/wallet-card.tsx";

const views = {
  inspector: Inspector,
  attack: AttackConsole,
  miners: Miners,
  mempools: Mempools,
  wallet: WalletCard,
} as const satisfies Record<SideTab, unknown>;

export function Side() {
  const { tab } = useDashboard();
  useInspectorOfSelection();
  const View = views[tab.value];
  return (
    <>
      <Tabs />
      <div class="panel-body" role="tabpanel" id="side-panel" aria-labelledby={`tab-${tab.value}`}>
        <View />
      </div>
    </>
  );
}

function Tabs() {
  const { tab, kind } = useDashboard();
  const tabs = tabsOf(kind);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab.value) + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    tab.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="side-tabs" role="tablist" aria-label="Details" onKeyDown={move}>
      {tabs.map((name, i) => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          aria-selected={tab.value === name}
          aria-controls="side-panel"
          tabIndex={tab.value === name ? 0 : -1}
          title={`${tabNames[name]} (${i + 1})`}
          onClick={() => (tab.value = name)}
        >
          {tabNames[name]}
        </button>
      ))}
    </div>
  );
}

function showSide(): void {
  document.getElementById("side-panel")?.scrollIntoView({ block: "nearest" });
}

/** Opens the inspector when something is selected, unless an attack is being watched. */
function useInspectorOfSelection(): void {
  const { playback, selection, tab } = useDashboard();
  const selected = selection.value;
  useEffect(() => {
    const isWatching = tab.peek() === "attack" && isUnderWay(playback.moment.peek().story);
    if (selected === null || isWatching) return;
    tab.value = "inspector";
    // On a narrow page the panel is further down. A node's menu opens beside the node instead.
    if (selected.type !== "node") requestAnimationFrame(showSide);
  }, [selected]);
}
