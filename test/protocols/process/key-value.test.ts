/** What is replicated: values of all kinds, and exactly once for each request. */

import { describe, expect, test } from "vitest";
import {
  apply,
  applyOnce,
  type Command,
  emptyKeyValue,
  valueAt,
} from "../../../src/protocols/process/key-value.ts";

describe("values", () => {
  test.each([0, "", false, "a", 7, true])("%j is kept as it is", (value) => {
    const { state } = apply(emptyKeyValue, { type: "write", key: "x", value });
    expect(apply(state, { type: "read", key: "x" }).answer).toEqual({ type: "read", value });
  });

  test("a key that is not there is null, also where objects have a property of that name", () => {
    for (const key of ["x", "constructor", "__proto__"])
      expect(valueAt(emptyKeyValue, key)).toBeNull();
    const { state } = apply(emptyKeyValue, { type: "write", key: "__proto__", value: 1 });
    expect(valueAt(state, "__proto__")).toBe(1);
  });

  test("compare-and-set writes only over what it expects, and 0 is not false or empty", () => {
    const { state } = apply(emptyKeyValue, { type: "write", key: "x", value: 0 });
    for (const from of ["", false, null, "0"]) {
      const missed = apply(state, { type: "compare-and-set", key: "x", from, to: 1 });
      expect(missed).toEqual({ state, answer: { type: "compared", isSet: false } });
    }
    const hit = apply(state, { type: "compare-and-set", key: "x", from: 0, to: 1 });
    expect(hit.answer).toEqual({ type: "compared", isSet: true });
    expect(valueAt(hit.state, "x")).toBe(1);
  });
});

describe("sessions", () => {
  const set: Command = { type: "compare-and-set", key: "x", from: null, to: 1 };
  const id = { client: "c", number: 1 };

  test("a request that comes again gets its first answer and changes nothing", () => {
    const first = applyOnce(emptyKeyValue, id, set);
    const again = applyOnce(first.state, id, set);
    expect(again).toEqual({ state: first.state, answer: { type: "compared", isSet: true } });
    expect(apply(first.state, set).answer).toEqual({ type: "compared", isSet: false });
  });

  test("an old request is aborted: its client has asked for something else since", () => {
    const { state } = applyOnce(emptyKeyValue, { client: "c", number: 2 }, set);
    expect(applyOnce(state, id, set).answer.type).toBe("aborted");
    expect(applyOnce(state, { client: "d", number: 1 }, set).answer.type).toBe("compared");
  });
});
