/** From which node's point of view a card is shown. */

import type { Perspective } from "../../state/dashboard.ts";
import type { Viewpoint } from "../../story/payment-status.ts";
import type { Story, StoryPayment } from "../../story/story.ts";

/** Null for all nodes at once. */
export function viewerOf(perspective: Perspective): string | null {
  return perspective === "everybody" ? null : perspective.node;
}

/** With all nodes in view, a payment has the status that its payee sees; in a double spend, the shop. */
export function viewpointOf(
  perspective: Perspective,
  story: Story,
  { to, conflict }: Pick<StoryPayment, "to" | "conflict">,
): Viewpoint {
  if (perspective !== "everybody") return perspective;
  const shop = conflict === null ? undefined : story.nodes.find(({ role }) => role === "shop");
  const payee = shop ?? story.nodes.find(({ name }) => name === to);
  return payee?.state === "up" ? { node: payee.name } : "best-branch";
}
