/** The records on disk stay what they were, byte for byte: older data folders must still open. */

import { expect, test } from "vitest";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import { sha256 } from "../../src/primitives/hash.ts";
import { Forest } from "../chain/forest.ts";
import { Scene } from "../chain/scene.ts";

/** SHA-256 over a line for each record: key, space, value in hex. */
const disk = "eeef72c76f357cf518bdbc27dabf5fd722c69a0b79a384614686f25c997a3ebe";

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
    ...["block", "chain", "coin", "header", "history", "owned"],
    ...["spender", "totals", "transaction", "undo"],
  ]);
  const digest = bytesToHex(sha256(new TextEncoder().encode(lines.join("\n"))));
  expect([lines.length, digest]).toEqual([41, disk]);
});
