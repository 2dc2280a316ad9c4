/** The tabs of the side panel, and which of them a page has. */

import { effect, type Signal, signal } from "@preact/signals";
import type { Dashboard, SideTab } from "./dashboard.ts";
import { recall, remember } from "./memory.ts";

export const tabNames: Readonly<Record<SideTab, string>> = {
  inspector: "Inspector",
  attack: "Attack",
  miners: "Miners",
  mempools: "Mempools",
  wallet: "Wallet",
};

/** One node knows nothing of attacks and has no wallets. */
const tabs: Readonly<Record<Dashboard["kind"], readonly SideTab[]>> = {
  lab: ["inspector", "attack", "miners", "mempools", "wallet"],
  node: ["inspector", "miners", "mempools"],
  replay: ["inspector", "attack", "miners", "mempools"],
};

export function tabsOf(kind: Dashboard["kind"]): readonly SideTab[] {
  return tabs[kind];
}

/** The open tab, remembered. */
export function keepTab(kind: Dashboard["kind"]): Signal<SideTab> {
  const tab = signal(tabs[kind].find((each) => each === recall("tab")) ?? "inspector");
  effect(() => remember("tab", tab.value));
  return tab;
}
