/** Random histories from a simulated store: linearizable by construction, and changed ones that may not be. */

import { type HistoryEvent, HistoryRecorder, type Value } from "../../checkers/history.ts";
import type { ModelName } from "../../checkers/model.ts";
import type { Random } from "../../primitives/random.ts";

export type HistoryShape = {
  readonly model: ModelName;
  readonly clients: number;
  readonly operations: number;
  readonly keys: number;
  /** Of how many values a write takes one; 0 for a new value each time. */
  readonly values: number;
  /** The share of operations whose client never learns the outcome. */
  readonly unknown: number;
  /** The share of reads; a quarter of the others is cas or put, where the model has them. */
  readonly reads: number;
};

type Request = Pick<HistoryEvent, "f" | "key" | "value">;

/** The value of a store that some workloads need: they are falsy, or differ in type only. */
const oddValues: readonly Value[] = [0, "", false, "0", 1, true];

/**
 * Clients call a store that carries out each operation at one moment between call and return. Of an
 * unknown outcome half take effect, some of them after the client has gone on under a new number.
 */
export function createHistory(shape: HistoryShape, random: Random): readonly HistoryEvent[] {
  const store = new Map<string, Value>();
  const recorder = new HistoryRecorder();
  const queue: { at: number; run: () => void }[] = [];
  let asked = 0;
  const later = (at: number, run: () => void): void => void queue.push({ at, run });
  const ask = (client: string, now: number): void => {
    if (asked++ >= shape.operations) return;
    const request = draw(shape, random, asked);
    recorder.invoke(client, request, now);
    const effectAt = now + random.nextExponential(1);
    const endAt = effectAt + random.nextExponential(1);
    const isLost = random.nextFloat() < shape.unknown;
    let answer: { readonly matched: boolean; readonly value: Value } | undefined;
    if (!isLost || random.nextFloat() < 0.5) {
      const at = isLost ? now + random.nextExponential(4) : effectAt;
      later(at, () => (answer = carryOut(store, request, shape.model)));
    }
    later(endAt, () => {
      if (isLost) recorder.info(client, "timed-out", endAt);
      else if (answer?.matched === false) recorder.differed(client, endAt);
      else recorder.ok(client, answer?.value ?? null, endAt);
      later(endAt + random.nextExponential(0.5), () => ask(client, endAt));
    });
  };
  for (let i = 0; i < shape.clients; i++) later(random.nextFloat(), () => ask(`c${i}`, 0));
  while (queue.length > 0) {
    queue.sort((a, b) => b.at - a.at);
    queue.pop()?.run();
  }
  return recorder.events;
}

function draw(shape: HistoryShape, random: Random, number: number): Request {
  const key = `k${random.nextBelow(shape.keys)}`;
  const value = (): Value => {
    if (shape.values === 0) return shape.model === "append" ? `${number},` : number;
    const which = random.nextBelow(shape.values);
    if (shape.model === "append") return ["a", "ab", "b", "ba"][which % 4] as string;
    return which < oddValues.length ? (oddValues[which] as Value) : which;
  };
  if (random.nextFloat() < shape.reads) return { f: "read", key, value: null };
  const isOther = random.nextFloat() < 0.4;
  if (shape.model === "append") return { f: isOther ? "write" : "append", key, value: value() };
  if (shape.model === "cas" && isOther) return { f: "cas", key, value: [value(), value()] };
  return { f: "write", key, value: value() };
}

function carryOut(
  store: Map<string, Value>,
  { f, key, value }: Request,
  model: ModelName,
): { readonly matched: boolean; readonly value: Value } {
  const now = store.get(key) ?? (model === "append" ? "" : null);
  if (f === "read") return { matched: true, value: now };
  if (f === "cas") {
    const [from, to] = value as readonly [Value, Value];
    if (now === from) store.set(key, to);
    return { matched: now === from, value: null };
  }
  store.set(key, f === "append" ? `${String(now)}${String(value)}` : (value as Value));
  return { matched: true, value: null };
}

/** Gives some answers another outcome: what a read returned, or whether a cas matched. */
export function withChanges(
  events: readonly HistoryEvent[],
  count: number,
  random: Random,
): readonly HistoryEvent[] {
  const changed = [...events];
  const read = events
    .filter(({ f, type }) => f === "read" && type === "ok")
    .map(({ value }) => value);
  const places = events.flatMap(({ f, type }, i) => {
    return type !== "invoke" && type !== "info" && (f === "read" || f === "cas") ? [i] : [];
  });
  if (places.length === 0) return events;
  for (let i = 0; i < count; i++) {
    const at = random.pick(places);
    const event = changed[at] as HistoryEvent;
    if (event.f === "read") changed[at] = { ...event, value: random.pick(read) };
    else changed[at] = { ...event, type: event.type === "ok" ? "fail" : "ok" };
  }
  return changed;
}
