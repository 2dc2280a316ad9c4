/** What a node's refusals say to people. */

import { expect, test } from "vitest";
import { rejectReason } from "../../src/io/http/esplora/reject-reason.ts";
import { reasonIn } from "../../src/wallet/client.ts";

test("the reason is taken out of Esplora's wrapping", () => {
  const wrapped = rejectReason({ rule: "txn-already-known" });
  expect(wrapped).toContain("RPC error");
  expect(reasonIn(wrapped)).toBe("Transaction outputs already in utxo set");
});

test.each(["too busy", "sendrawtransaction RPC error: {broken}"])(
  "%j, which is no such wrapping, is told as it is",
  (text) => {
    expect(reasonIn(text)).toBe(text);
  },
);
