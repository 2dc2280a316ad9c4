/** The signs in the nodes' circles: a pick for miners, a cup for the shop, an eye for observers. */

import type { StoryNode } from "../../story/story.ts";

const paths = {
  miner: "M4 3.2C9 2.6 13.6 7 12.8 12M10.4 5.6 3 13",
  shop: "M3 5h8v5.2A2.8 2.8 0 0 1 8.2 13H5.8A2.8 2.8 0 0 1 3 10.2ZM11 6.4h1.2a1.6 1.6 0 0 1 0 3.2H11",
  observer:
    "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
  gone: "M4.5 4.5l7 7M11.5 4.5l-7 7",
} as const;

const boxPx = 16;

/** Around the origin. */
export function RoleSign({ role, state }: Pick<StoryNode, "role" | "state">) {
  const isGone = state === "down" || state === "failed";
  const half = -boxPx / 2;
  return (
    <path
      class="role-sign"
      d={isGone ? paths.gone : paths[role]}
      transform={`translate(${half} ${half})`}
    />
  );
}
