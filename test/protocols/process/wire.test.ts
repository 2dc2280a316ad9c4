/** Encodes messages that go to one process or to many. */

import { expect, test } from "vitest";
import { encodeJson, encodingOnce } from "../../../src/protocols/process/wire.ts";

test("a message to many is encoded once, and the next message anew", () => {
  let count = 0;
  const encode = encodingOnce((message: { readonly number: number }) => {
    count += 1;
    return encodeJson(message);
  });
  const [first, second] = [{ number: 1 }, { number: 2 }];
  const bytes = encode(first);
  expect([encode(first), encode(first)]).toEqual([bytes, bytes]);
  expect(count).toBe(1);
  expect(encode(second)).toEqual(encodeJson(second));
  expect(encode(first)).toEqual(bytes);
  expect(count).toBe(3);
});
