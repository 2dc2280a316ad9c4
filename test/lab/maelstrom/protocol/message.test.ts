/** Lines of Maelstrom's protocol: what is read, and with which sentence the rest is refused. */

import { describe, expect, test } from "vitest";
import { errorKindOf, errorKinds } from "../../../../src/lab/maelstrom/protocol/error-code.ts";
import {
  readKeyValueRequest,
  replyTo,
  textLengthMax,
} from "../../../../src/lab/maelstrom/protocol/key-value.ts";
import {
  encodeMessage,
  lineLengthMax,
  readMessage,
} from "../../../../src/lab/maelstrom/protocol/message.ts";

describe("a line", () => {
  test("is read with all keys of its body, and written again as it was", () => {
    const line = '{"src":"c1","dest":"n1","body":{"type":"read","msg_id":123,"key":3,"more":[]}}';
    const message = readMessage(line);
    expect(message).toMatchObject({ ok: true, value: { src: "c1", body: { key: 3, more: [] } } });
    expect(message.ok && encodeMessage(message.value)).toBe(line);
  });

  test("may have other keys beside those three, as Maelstrom's own have an id", () => {
    const line = '{"id":7,"src":"c1","dest":"n1","body":{"type":"init"}}';
    expect(readMessage(line).ok).toBe(true);
  });

  test.each([
    ["hello", "it is not JSON"],
    ["7", 'must be an object with "body"'],
    ['{"dest":"n1","body":{"type":"x"}}', 'must be an object with "src"'],
    ['{"src":1,"dest":"n1","body":{"type":"x"}}', "src: must be a text, got 1"],
    ['{"src":"c1","dest":"n1","body":[]}', 'body: must be an object with "type"'],
    ['{"src":"c1","dest":"n1","body":{"type":7}}', "body.type: must be a text, got 7"],
    [
      '{"src":"c1","dest":"n1","body":{"type":"x","msg_id":"7"}}',
      "body.msg_id: must be a whole number",
    ],
    [
      '{"src":"c1","dest":"n1","body":{"type":"x","in_reply_to":1.5}}',
      "body.in_reply_to: must be a whole number",
    ],
    ["x".repeat(lineLengthMax + 1), "characters, of at most"],
  ])("%.60s is refused", (line, problem) => {
    const message = readMessage(line);
    expect(message.ok ? "read" : message.problem).toContain(problem);
  });
});

describe("a request of lin-kv", () => {
  test("keeps keys and values as texts of JSON, so that 3 and its text stay two", () => {
    const read = readKeyValueRequest({ type: "read", key: 3 });
    expect(read).toEqual({ ok: true, value: { type: "read", key: "3" } });
    const write = readKeyValueRequest({ type: "write", key: "3", value: null });
    expect(write).toEqual({ ok: true, value: { type: "write", key: '"3"', value: "null" } });
    const cas = readKeyValueRequest({ type: "cas", key: [1], from: 0, to: { a: false } });
    const expected = { type: "compare-and-set", key: "[1]", from: "0", to: '{"a":false}' };
    expect(cas).toEqual({ ok: true, value: expected });
  });

  test.each([
    [{ type: "read" }, 'body: must be an object with "key"'],
    [{ type: "write", key: 1 }, 'body: must be an object with "value"'],
    [{ type: "cas", key: 1, from: 2 }, 'body: must be an object with "to"'],
    [{ type: "write", key: 1, value: "x".repeat(textLengthMax) }, "body.value: has 65538 char"],
  ])("%.50j is refused", (body, problem) => {
    const request = readKeyValueRequest(body);
    expect(request.ok ? "read" : request.problem).toContain(problem);
  });
});

test("answers of a protocol as replies", () => {
  expect(replyTo({ type: "read", value: "4" }, true)).toEqual({ type: "read_ok", value: 4 });
  expect(replyTo({ type: "read", value: "null" }, true)).toEqual({ type: "read_ok", value: null });
  expect(replyTo({ type: "read", value: null }, true)).toMatchObject({ type: "error", code: 20 });
  expect(replyTo({ type: "written" }, true)).toEqual({ type: "write_ok" });
  expect(replyTo({ type: "compared", isSet: true }, true)).toEqual({ type: "cas_ok" });
  expect(replyTo({ type: "compared", isSet: false }, true)).toMatchObject({ code: 22 });
  expect(replyTo({ type: "compared", isSet: false }, false)).toMatchObject({ code: 20 });
  expect(replyTo({ type: "aborted", reason: "a lock" }, true)).toMatchObject({ code: 14 });
});

test("which errors are definite, as Maelstrom's table has it", () => {
  const definite = Object.values(errorKinds).filter(({ isDefinite }) => isDefinite);
  expect(definite.map(({ code }) => code)).toEqual([1, 10, 11, 12, 14, 20, 21, 22, 30]);
  expect(errorKindOf(13)).toMatchObject({ name: "crash", isDefinite: false });
  expect(errorKindOf(1_000)).toBeUndefined();
});
