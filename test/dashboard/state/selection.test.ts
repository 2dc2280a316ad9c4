import { expect, test } from "vitest";
import {
  type Address,
  decodeAddress,
  encodeAddress,
} from "../../../src/dashboard/state/selection.ts";
import { hashOf, txidOf } from "../story/tale.ts";

const plain: Address = { selection: null, perspective: "everybody", look: "desk", momentMs: null };

test("an address says again what it was made of", () => {
  const addresses: readonly Address[] = [
    plain,
    { ...plain, selection: { type: "block", hash: hashOf("a1") }, momentMs: 83_217 },
    { ...plain, selection: { type: "transaction", txid: txidOf("coffee") }, look: "board" },
    { ...plain, selection: { type: "node", name: "a&b=c #1" }, perspective: { node: "the shop" } },
    { ...plain, momentMs: 0 },
  ];
  for (const address of addresses) {
    expect(decodeAddress("", encodeAddress(address))).toEqual(address);
  }
});

test("it is short enough to read", () => {
  expect(encodeAddress(plain)).toBe("");
  const address = { ...plain, perspective: { node: "shop" }, momentMs: 83_200 };
  expect(encodeAddress(address)).toBe("#t=83.2&as=shop");
});

test("the board can be asked for in the query, too", () => {
  expect(decodeAddress("?view=board", "#as=shop")).toEqual({
    ...plain,
    look: "board",
    perspective: { node: "shop" },
  });
});

test.each(["#block=12", "#t=soon", "#t=-4", "#node=&as=", "#view=wall", "#nonsense", "#%"])(
  "what makes no sense in an address is left out: %s",
  (hash) => expect(decodeAddress("", hash)).toEqual(plain),
);
