/**
 * The records on disk stay what they were, byte for byte. Whoever changes them gives the format its
 * next number (`io/disk/format.ts`) and brings older folders up to date.
 */

import { expect, test } from "vitest";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { sha256 } from "../../src/primitives/hash.ts";
import { Forest } from "../chain/forest.ts";
import { Scene } from "../chain/scene.ts";

/** Of format 2: SHA-256 over a line for each record: key, space, value in hex. */
const disk = "5f87394bf28d3535142a405934182467a8798589e748fbe8e42f2d7e78aec7a4";

test("after a reorganisation with payments every key and value is what it always was", () => {
  //  genesis ─ a1 ─ a2 ─ a3:pay
  //              └─ b2 ─ b3 ─ b4:pay
  const forest = new Forest().plant("a1").pay("pay", "a1").plant("a1 a2 a3:pay");
  forest.plant("a1 b2 b3 b4:pay");
  const scene = new Scene(forest, "a1", "a2", "a3", "b2", "b3", "b4");
  expect(scene.tip).toBe("b4");
  const lines = scene.store.scan("").map(([key, value]) => `${key} ${bytesToHex(value)}`);
  const rooms = lines.map((line) => line.slice(0, line.search(/[/ ]/)));
  expect([...new Set(rooms)]).toEqual([
    ...["block", "coin", "header", "index", "layout"],
    ...["script", "tip", "transaction", "undo"],
  ]);
  const digest = bytesToHex(sha256(new TextEncoder().encode(lines.join("\n"))));
  expect([lines.length, digest]).toEqual([35, disk]);
});
