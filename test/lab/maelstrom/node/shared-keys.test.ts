/** Keys that follow from one secret: nodes that were told the same one know each other's. */

import { expect, test } from "vitest";
import { sharedSignatures } from "../../../../src/lab/maelstrom/node/shared-keys.ts";

test("who has the secret checks what any node has signed, and who has another does not", () => {
  const [one, other] = [sharedSignatures("a secret"), sharedSignatures("a secret")];
  const signature = one("n1").sign("a text");
  expect(other("n2").verify("n1", "a text", signature)).toBe(true);
  expect(other("n2").verify("n2", "a text", signature)).toBe(false);
  expect(other("n2").verify("n1", "another text", signature)).toBe(false);
  expect(sharedSignatures("another")("n2").verify("n1", "a text", signature)).toBe(false);
});
