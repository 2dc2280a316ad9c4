/** What each process is told of its links while faults come and go. */

import { expect, test } from "vitest";
import { openLink } from "../../../src/io/process/process-links.ts";
import { type Impairment, LinkBook } from "../../../src/lab/cluster/link-book.ts";

const names = ["n1", "n2", "n3"];

function bookWith(...impairments: readonly Impairment[]): LinkBook {
  const book = new LinkBook(names);
  for (const impairment of impairments) book.add(impairment);
  return book;
}

test("without faults all links are open", () => {
  expect(bookWith().statesOf("n1")).toEqual({ n2: openLink, n3: openLink });
});

test("a partition cuts what lies between its groups, on both sides", () => {
  const book = bookWith({ type: "split", groups: [["n1"], ["n2", "n3"]] });
  const cut = { ...openLink, isCut: true };
  expect(book.statesOf("n1")).toEqual({ n2: cut, n3: cut });
  expect(book.statesOf("n2")).toEqual({ n1: cut, n3: openLink });
});

test("a link that two faults cut is open when neither holds", () => {
  const split: Impairment = { type: "split", groups: [["n1"], ["n2", "n3"]] };
  const isolate: Impairment = { type: "isolate", node: "n2" };
  const book = bookWith(split, isolate);
  book.remove(split);
  expect(book.statesOf("n1")).toEqual({ n2: { ...openLink, isCut: true }, n3: openLink });
  expect(book.remove(split)).toBe(false);
  book.remove(isolate);
  expect(book.statesOf("n1")).toEqual({ n2: openLink, n3: openLink });
  expect(book.isEmpty).toBe(true);
});

test("silence is of one direction; delays add up, and the worst share counts", () => {
  const book = bookWith(
    { type: "silence", from: "n1", to: "n2" },
    { type: "slow", nodes: ["n1"], byMs: 20 },
    { type: "slow", nodes: ["n2", "n1"], byMs: 5 },
    { type: "scramble", node: "n3", share: 0.2 },
    { type: "scramble", node: "n1", share: 0.1 },
  );
  expect(book.statesOf("n1")).toEqual({
    n2: { isCut: false, isSilent: true, delayMs: 25, scrambledShare: 0.1 },
    n3: { isCut: false, isSilent: false, delayMs: 20, scrambledShare: 0.2 },
  });
  expect(book.statesOf("n2")["n1"]).toMatchObject({ isSilent: false, delayMs: 25 });
});
