/** From where a card looks: the node through whose eyes the page looks, or whom it concerns most. */

import type { Perspective } from "../../state/dashboard.ts";
import type { Viewpoint } from "../../story/payment-status.ts";
import type { Story, StoryPayment } from "../../story/story.ts";

/** Null for everybody's eyes at once. */
export function viewerOf(perspective: Perspective): string | null {
  return perspective === "everybody" ? null : perspective.node;
}

/** Seen by everybody, a payment is judged as who is paid judges it; in a double spend, the shop. */
export function viewpointOf(
  perspective: Perspective,
  story: Story,
  { to, rival }: Pick<StoryPayment, "to" | "rival">,
): Viewpoint {
  if (perspective !== "everybody") return perspective;
  const shop = rival === null ? undefined : story.nodes.find(({ role }) => role === "shop");
  const payee = shop ?? story.nodes.find(({ name }) => name === to);
  return payee?.state === "up" ? { node: payee.name } : "best-branch";
}
