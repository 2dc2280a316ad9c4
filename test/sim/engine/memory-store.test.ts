/** Checks what the store in memory keeps, and what a crash takes. */

import { expect, test } from "vitest";
import type { Write } from "../../../src/machine/store.ts";
import { DamagedRecordError, MemoryStore } from "../../../src/sim/engine/memory-store.ts";

function put(key: string, value: number): Write {
  return { type: "put", key, value: Uint8Array.of(value) };
}

test("a committed batch is seen at once, and lost in a crash unless it was persisted", () => {
  const store = new MemoryStore();
  const first = [put("a", 1), put("b", 1)];
  const second: Write[] = [put("a", 2), { type: "delete", key: "b" }];
  store.commit(first);
  store.commit(second);
  store.persist(first);
  expect(store.get("a")).toEqual(Uint8Array.of(2));
  expect(store.get("b")).toBeUndefined();
  expect(store.waitingCount).toBe(1);
  store.crash();
  expect(store.get("a")).toEqual(Uint8Array.of(1));
  expect(store.get("b")).toEqual(Uint8Array.of(1));
  expect(store.waitingCount).toBe(0);
});

test("persisting a batch takes along those that were committed before it", () => {
  const store = new MemoryStore();
  const batches = [[put("a", 1)], [put("a", 2), put("b", 2)]];
  for (const batch of batches) store.commit(batch);
  store.persist(batches[1]!);
  store.crash();
  expect([...store.durable]).toEqual([
    ["a", Uint8Array.of(2)],
    ["b", Uint8Array.of(2)],
  ]);
});

test("a scan sees what is durable and what waits, in the order of the keys", () => {
  const store = new MemoryStore(new Map([["p/c", Uint8Array.of(3)]]));
  store.commit([put("p/a", 1), put("q", 9)]);
  store.commit([put("p/b", 2), { type: "delete", key: "p/c" }]);
  expect(store.scan("p/")).toEqual([
    ["p/a", Uint8Array.of(1)],
    ["p/b", Uint8Array.of(2)],
  ]);
});

test("a corrupted record cannot be read until it is written anew, and then is sound", () => {
  const store = new MemoryStore(new Map([["a", Uint8Array.of(1)]]));
  store.corrupt("a");
  expect(store.isDamaged).toBe(true);
  expect(() => store.get("a")).toThrow(DamagedRecordError);
  const batch = [put("a", 2)];
  store.commit(batch);
  expect(store.get("a")).toEqual(Uint8Array.of(2));
  store.crash();
  expect(() => store.get("a")).toThrow("the record a is damaged");
  store.commit(batch);
  store.persist(batch);
  expect([store.get("a"), store.isDamaged]).toEqual([Uint8Array.of(2), false]);
  expect(() => store.corrupt("b")).toThrow("no durable record b");
});

test("a wiped store is empty and sound", () => {
  const store = new MemoryStore(new Map([["a", Uint8Array.of(1)]]));
  store.commit([put("b", 1)]);
  store.corrupt("a");
  store.wipe();
  expect([store.durable.size, store.isDamaged, store.waitingCount]).toEqual([0, false, 0]);
  expect([store.get("a"), store.get("b")]).toEqual([undefined, undefined]);
});
