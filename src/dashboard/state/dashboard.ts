/** What every view of the page is given: the moment shown, the selection, and the levers. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { AttackOptions } from "../../attacks/catalogue.ts";
import type { AttackReport, TrialsJson, TrialsOrder } from "../../contract/attacks.ts";
import type { LabJson, PaymentOrder } from "../../contract/lab.ts";
import type { Groups, Shares } from "../../contract/network.ts";
import type { BlockHash, Milliseconds, Txid } from "../../primitives/brand.ts";
import type { Pill, Recording } from "../story/recording.ts";
import type { Story } from "../story/story.ts";
import type { TreeLayout } from "../story/tree-layout.ts";

/** The story as it stood at a time. A new object whenever anything changed, at most once a frame. */
export type Moment = {
  readonly story: Story;
  readonly at: Milliseconds;
  /** Whether it follows what happens now. */
  readonly isLive: boolean;
};

export type Selection =
  | { readonly type: "block"; readonly hash: BlockHash }
  | { readonly type: "node"; readonly name: string }
  | { readonly type: "transaction"; readonly txid: Txid };

/** From whose point of view the page is shown: all nodes at once, or one node. */
export type Perspective = "everybody" | { readonly node: string };

/** `waiting`: no event has arrived yet. `lost`: the connection broke, and the page tries again. */
export type Connection =
  | { readonly state: "waiting" | "open" }
  | { readonly state: "lost"; readonly since: Milliseconds }
  /** A recording, or a lab that has ended: no more events will arrive. */
  | { readonly state: "ended" };

export interface Playback {
  readonly recording: Recording;
  readonly moment: ReadonlySignal<Moment>;
  /** From the first event to the last. */
  readonly span: ReadonlySignal<{ readonly from: Milliseconds; readonly to: Milliseconds }>;
  readonly pills: ReadonlySignal<readonly Pill[]>;
  readonly mode: ReadonlySignal<"live" | "playing" | "paused">;
  /** Of replay: 1 is the original speed. */
  readonly speed: Signal<number>;
  pause(): void;
  /** From the moment shown. */
  play(): void;
  goLive(): void;
  /** Shows a moment, paused. */
  seek(at: Milliseconds): void;
  /** To the next or previous block, or event that has a mark. */
  step(direction: "forward" | "back"): void;
}

export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** What changes the lab from outside. A problem is answered as a sentence. */
export interface Levers {
  /** Why none of them works now, as a sentence; null if they do. */
  readonly refusal: ReadonlySignal<string | null>;
  partition(groups: Groups): Promise<Answer<LabJson>>;
  heal(): Promise<Answer<LabJson>>;
  changeLink(between: readonly [string, string], change: LinkOrder): Promise<Answer<LabJson>>;
  setShares(shares: Shares): Promise<Answer<LabJson>>;
  crash(node: string): Promise<Answer<LabJson>>;
  restart(node: string): Promise<Answer<LabJson>>;
  pay(order: PaymentOrder): Promise<Answer<{ readonly txid: Txid }>>;
  attack(options: AttackOptions): Promise<Answer<AttackReport>>;
  tryMany(order: TrialsOrder): Promise<Answer<TrialsJson>>;
}

export type LinkOrder = { readonly state: "cut" | "open"; readonly delayMs?: number };

export type SideTab = "inspector" | "attack" | "miners" | "mempools" | "wallet";

/** `system`: as the operating system has it. */
export type Theme = "system" | "dark" | "light";

export type Dashboard = {
  readonly kind: "lab" | "node" | "replay";
  readonly playback: Playback;
  readonly connection: ReadonlySignal<Connection>;
  readonly selection: Signal<Selection | null>;
  readonly perspective: Signal<Perspective>;
  /** `board` is for a projector. */
  readonly look: Signal<"desk" | "board">;
  readonly theme: Signal<Theme>;
  /** Which of the tabs at the side is open. */
  readonly tab: Signal<SideTab>;
  /** The places of the blocks; the same at every moment. */
  readonly layout: TreeLayout;
  readonly levers: Levers;
  /** Reads JSON from a node's API, such as `ask("alice", "/block/…")`. */
  readonly ask: (node: string, path: string) => Promise<Answer<unknown>>;
};

const context = createContext<Dashboard | null>(null);

export const DashboardProvider = context.Provider;

export function useDashboard(): Dashboard {
  const dashboard = useContext(context);
  if (dashboard === null) throw new Error("a view was rendered outside of DashboardProvider");
  return dashboard;
}
