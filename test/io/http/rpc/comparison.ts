/** Compares an answer with Core's: numbers by their text, members of objects in any order. */

import {
  type Json,
  JsonNumber,
  JsonObject,
  writeJson,
} from "../../../../src/io/http/rpc/call/json.ts";
import { unlikeMembers } from "./differences.ts";
import type { Outcome } from "./recording.ts";

/** Of no meaning, so Core's is in the order of its memory. */
const unordered: readonly string[] = ["getchaintips", "getrawmempool"];

/** Where they part, as lines for people; none if they are equal. */
export function differencesOf(method: string, expected: Outcome, actual: Outcome): string[] {
  const isCut = "isCut" in expected && expected.isCut;
  const left = "result" in expected ? expected.result : expected.error;
  const right = "result" in actual ? actual.result : actual.error;
  if ("result" in expected !== "result" in actual) return [`${short(left)} ≠ ${short(right)}`];
  const cut = isCut ? cutLike(left, right) : right;
  return walk(sorted(method, left), sorted(method, cut), "", unlikeMembers[method] ?? []);
}

/** As much of a text as the recording kept. */
function cutLike(expected: Json, actual: Json): Json {
  if (typeof expected === "string" && typeof actual === "string") {
    return actual.split("\n").slice(0, expected.split("\n").length).join("\n");
  }
  if (!(expected instanceof JsonObject) || !(actual instanceof JsonObject)) return actual;
  return new JsonObject(
    actual.members.map(([name, value]) => [name, cutLike(expected.get(name) ?? null, value)]),
  );
}

function sorted(method: string, value: Json): Json {
  if (!unordered.includes(method)) return value;
  if (value instanceof JsonObject) {
    return new JsonObject(value.members.map(([name, each]) => [name, sorted(method, each)]));
  }
  if (!Array.isArray(value)) return value;
  return [...(value as readonly Json[])].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

function canonical(value: Json): string {
  if (!(value instanceof JsonObject)) return writeJson(value);
  return writeJson([...value.members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each));
}

function walk(left: Json, right: Json, path: string, ignored: readonly string[]): string[] {
  if (left === "<varies>") return [];
  if (left instanceof JsonObject && right instanceof JsonObject) {
    const names = new Set([...left.members, ...right.members].map(([name]) => name));
    return [...names].flatMap((name) => {
      if (ignored.includes(name)) return [];
      const [a, b] = [left.get(name), right.get(name)];
      const place = `${path}.${name}`;
      if (a === undefined) return [`${place}: not in Core's, ${short(b!)}`];
      return b === undefined ? [`${place}: missing, ${short(a)}`] : walk(a, b, place, ignored);
    });
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    const [a, b] = [left as readonly Json[], right as readonly Json[]];
    if (a.length !== b.length) return [`${path}: ${short(left)} ≠ ${short(right)}`];
    return a.flatMap((each, i) => walk(each, b[i]!, `${path}[${i}]`, ignored));
  }
  const isNumber = left instanceof JsonNumber && right instanceof JsonNumber;
  if (isNumber ? left.text === right.text : left === right) return [];
  return [`${path}: ${short(left)} ≠ ${short(right)}`];
}

function short(value: Json): string {
  const text = writeJson(value);
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}
