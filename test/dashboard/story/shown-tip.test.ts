/** Which tip a viewer can believe a node to have. */

import { expect, test } from "vitest";
import { shownTip } from "../../../src/dashboard/story/shown-tip.ts";
import { standingsIn } from "../../../src/dashboard/story/standing.ts";
import { hashOf, Tale } from "./tale.ts";

//  ground ─ a1 ─ a2          everybody
//             └─ b2 ─ b3     bob alone
const tale = new Tale()
  .mine("a1", "alice")
  .mine("b2", "bob", { on: "a1", isSecret: true })
  .mine("a2", "alice", { to: ["carol", "shop"] })
  .mine("b3", "bob", { isSecret: true });

function tipOfBob(viewer: string | null) {
  const { story } = tale;
  return shownTip(story, standingsIn(story), story.node("bob")!, viewer);
}

test.each([null, "bob"])(
  "the view of all nodes and that of its miner have a withheld block",
  (viewer) => {
    expect(tipOfBob(viewer)).toEqual({ hash: hashOf("b3"), isWithheld: true });
  },
);

test("another node sees the last block that is not withheld", () => {
  expect(tipOfBob("shop")).toEqual({ hash: hashOf("a1"), isWithheld: false });
});
