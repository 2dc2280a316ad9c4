/** Which connections the peer graph draws, and how. */

import { expect, test } from "vitest";
import { edgesOf } from "../../../src/dashboard/story/edges.ts";
import { linkKey } from "../../../src/dashboard/story/story-network.ts";
import { peerOf, Tale } from "./tale.ts";

/** alice ─ bob ─ carol ─ alice, all connected. */
function ring(): Tale {
  const tale = new Tale(["alice", "bob", "carol"]);
  return connect(tale, "alice", "bob").hear("bob", ready("carol")).hear("carol", ready("alice"));
}

function connect(tale: Tale, a: string, b: string): Tale {
  return tale.hear(a, ready(b)).hear(b, ready(a));
}

function ready(name: string) {
  return { type: "peer-ready", peer: peerOf(name), height: 0 } as const;
}

function edge(tale: Tale, a: string, b: string) {
  return edgesOf(tale.story).find(({ between }) => linkKey(...between) === linkKey(a, b));
}

test("a link is open as soon as one of its ends tells that it is", () => {
  expect(edge(ring(), "bob", "carol")).toMatchObject({ state: "open", isIntended: true });
  expect(edge(new Tale(["alice", "bob"]), "alice", "bob")?.state).toBe("closed");
});

test("the link of a node that is down is closed, not cut", () => {
  expect(edge(ring().crash("bob"), "alice", "bob")?.state).toBe("closed");
});

test("a partition cuts what is between its groups, and healing mends it", () => {
  const tale = ring().part(["alice", "bob"], ["carol"]);
  expect(edge(tale, "alice", "bob")?.state).toBe("open");
  expect(edge(tale, "bob", "carol")?.state).toBe("cut");
  tale.tell({ type: "healed" });
  expect(edge(tale, "bob", "carol")?.state).toBe("open");
});

test("a link is slow if it takes much longer than the others, until it is healed", () => {
  const between = ["alice", "bob"] as const;
  const tale = ring().tell({ type: "link", between, isCut: false, delayMs: 40 });
  expect(edge(tale, "bob", "alice")?.isSlow).toBe(false);
  tale.tell({ type: "link", between, isCut: false, delayMs: 220 });
  expect(edge(tale, "bob", "alice")).toMatchObject({ isSlow: true, delayMs: 220 });
  tale.tell({ type: "healed" });
  expect(edge(tale, "bob", "alice")).toMatchObject({ isSlow: false, delayMs: 20 });
});

test("a connection besides the lab's links is an edge, once for both of its ends", () => {
  const four = connect(new Tale(["alice", "bob", "carol", "dave"]), "alice", "carol");
  const extra = edgesOf(four.story).filter(({ isIntended }) => !isIntended);
  expect(extra).toMatchObject([{ between: ["alice", "carol"], state: "open" }]);
});
