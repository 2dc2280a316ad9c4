/** The status of a payment, as one node sees it at a moment of the story. */

import type { FinalState } from "../../attacks/record/step.ts";
import type { BlockHash, Txid } from "../../primitives/brand.ts";
import { blockOnBranch } from "./branch.ts";
import { standingsIn } from "./standing.ts";
import type { Story, StoryPayment } from "./story.ts";

/** A node's own view, or the best branch of all. */
export type Viewpoint = "best-branch" | { readonly node: string };

export type PaymentStatus = {
  /** `gone`: the node had it before, and has it neither on its branch nor in its mempool now. */
  readonly state: FinalState["state"];
  readonly confirmations: number;
  /** The block on the branch that holds it. */
  readonly block: BlockHash | null;
};

export function paymentStatus(story: Story, txid: Txid, viewpoint: Viewpoint): PaymentStatus {
  const payment = story.payment(txid);
  if (payment === undefined) return unconfirmed("unknown");
  const tip = tipFrom(story, viewpoint);
  const block = tip === null ? null : blockOnBranch(story, tip, payment.blocks);
  if (tip !== null && block !== null) {
    const heightOf = (hash: BlockHash) => story.block(hash)?.height ?? 0;
    return { state: "confirmed", confirmations: heightOf(tip) - heightOf(block) + 1, block };
  }
  if (waitsFrom(story, txid, viewpoint)) return unconfirmed("waiting");
  return unconfirmed(wasSeenFrom(story, payment, viewpoint) ? "gone" : "unknown");
}

/** Nodes for which a payment has the same status. */
export type StatusGroup = PaymentStatus & { readonly nodes: readonly string[] };

/** The status at each node that is up; nodes with the same status are one entry. */
export function statusGroups(story: Story, txid: Txid): readonly StatusGroup[] {
  const groups = new Map<string, StatusGroup>();
  for (const { name, state } of story.nodes) {
    if (state !== "up") continue;
    const status = paymentStatus(story, txid, { node: name });
    const key = `${status.state} ${status.confirmations} ${status.block}`;
    groups.set(key, { ...status, nodes: [...(groups.get(key)?.nodes ?? []), name] });
  }
  return [...groups.values()];
}

function unconfirmed(state: "waiting" | "gone" | "unknown"): PaymentStatus {
  return { state, confirmations: 0, block: null };
}

function tipFrom(story: Story, viewpoint: Viewpoint): BlockHash | null {
  if (viewpoint === "best-branch") return standingsIn(story).best;
  return story.node(viewpoint.node)?.tip ?? null;
}

function waitsFrom(story: Story, txid: Txid, viewpoint: Viewpoint): boolean {
  if (viewpoint === "best-branch") return story.nodes.some(({ waiting }) => waiting.has(txid));
  return story.node(viewpoint.node)?.waiting.has(txid) ?? false;
}

function wasSeenFrom(story: Story, payment: StoryPayment, viewpoint: Viewpoint): boolean {
  if (viewpoint === "best-branch") {
    const standings = standingsIn(story);
    const isPublic = (hash: BlockHash) => standings.of(hash) !== "withheld";
    return payment.arrivals.length > 0 || payment.blocks.some(isPublic);
  }
  const blocks = payment.blocks.flatMap((hash) => story.block(hash)?.arrivals ?? []);
  return [...payment.arrivals, ...blocks].some(({ node }) => node === viewpoint.node);
}
