/** What became of a payment, by branch and by node. */

import { expect, test } from "vitest";
import {
  paymentStatus,
  statusGroups,
  type Viewpoint,
} from "../../../src/dashboard/story/payment-status.ts";
import { hashOf, Tale, txidOf } from "./tale.ts";

function statusIn(tale: Tale, name: string, viewpoint: Viewpoint = "best-branch"): string {
  const { state, confirmations, block } = paymentStatus(tale.story, txidOf(name), viewpoint);
  return block === null ? state : `${state} ${confirmations} in ${block.slice(0, 2)}`;
}

test("a payment waits, and each block on top of it is one more confirmation", () => {
  const tale = new Tale().pay("coffee", "alice", "shop", 5_000);
  expect(statusIn(tale, "coffee")).toBe("waiting");
  tale.mine("a1:coffee", "bob");
  expect(statusIn(tale, "coffee")).toBe("confirmed 1 in a1");
  tale.mine("a2", "bob").mine("a3", "carol");
  expect(statusIn(tale, "coffee")).toBe("confirmed 3 in a1");
  expect(statusIn(tale, "coffee", { node: "shop" })).toBe("confirmed 3 in a1");
});

test("a payment that no event named is unknown", () => {
  expect(statusIn(new Tale(), "dream")).toBe("unknown");
  expect(statusIn(new Tale(), "dream", { node: "nobody" })).toBe("unknown");
});

test("two sides of a partition say different things of one payment", () => {
  //  ground ─ a1:tea ─ a2       alice, bob
  //         └ b1                carol, shop
  const tale = new Tale().pay("tea", "alice", "bob", 5_000, ["alice", "bob"]);
  tale.part(["alice", "bob"], ["carol", "shop"]);
  tale.mine("a1:tea", "alice").mine("b1", "carol").mine("a2", "alice");
  expect(statusIn(tale, "tea", { node: "bob" })).toBe("confirmed 2 in a1");
  expect(statusIn(tale, "tea", { node: "carol" })).toBe("unknown");
  const opinions = statusGroups(tale.story, txidOf("tea"));
  expect(opinions.map(({ state, nodes }) => [state, ...nodes])).toEqual([
    ["confirmed", "alice", "bob"],
    ["unknown", "carol", "shop"],
  ]);
});

test("a reorganisation takes the confirmations away, and the payment waits again", () => {
  //  ground ─ a1:tea
  //         └ b1 ─ b2
  const tale = new Tale().pay("tea", "alice", "shop", 5_000);
  tale.part(["alice", "shop"], ["bob", "carol"]);
  tale.mine("a1:tea", "alice").mine("b1", "bob").mine("b2", "carol");
  expect(statusIn(tale, "tea", { node: "shop" })).toBe("confirmed 1 in a1");
  tale.heal();
  expect(statusIn(tale, "tea", { node: "shop" })).toBe("waiting");
  tale.mine("b3:tea", "bob");
  expect(statusIn(tale, "tea")).toBe("confirmed 1 in b3");
});

test("the payment of a double spend is gone when the branch with the conflicting one has won", () => {
  //  ground ─ a1:coffee ─ a2
  //         └ b1:theft  ─ b2 ─ b3     secret, then published
  const tale = new Tale().pay("coffee", "alice", "shop", 5_000);
  tale.attack({
    type: "paid",
    payment: txidOf("coffee"),
    conflict: txidOf("theft"),
    value: 5_000,
    via: "bob",
  });
  const secret = { isSecret: true };
  tale.mine("b1:theft", "alice", secret).mine("b2", "alice", secret).mine("b3", "alice", secret);
  tale.mine("a1:coffee", "bob").mine("a2", "carol");
  expect(statusIn(tale, "coffee")).toBe("confirmed 2 in a1");
  expect(statusIn(tale, "theft")).toBe("unknown");

  tale.spread("b3", "alice", ["bob", "carol", "shop"]);
  const conflicted = { reason: "conflicted", by: txidOf("theft") } as const;
  for (const node of tale.names) {
    tale.hear(node, { type: "transaction-removed", txid: txidOf("coffee"), ...conflicted });
  }
  expect(statusIn(tale, "coffee", { node: "shop" })).toBe("gone");
  expect(statusIn(tale, "theft", { node: "shop" })).toBe("confirmed 3 in b1");
  expect(tale.story.payment(txidOf("coffee"))?.blocks).toEqual([hashOf("a1")]);
});
