/** The core's hashing in WebAssembly against its twin in plain JavaScript. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWasmHashing } from "../../../src/io/hashing/wasm-hashing.ts";
import { javaScriptHashing, type Messages, proveHashing } from "../../../src/primitives/hashing.ts";

const bytesOf = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const ids = fc.array(
  bytesOf(32).map((bytes) => Buffer.from(bytes).toString("hex")),
  { minLength: 1, maxLength: 40 },
);

/** Messages of up to three pieces, which may overlap. */
const messagesArbitrary: fc.Arbitrary<Messages> = fc
  .uint8Array({ minLength: 1, maxLength: 500 })
  .chain((bytes) => {
    const piece = fc.nat(bytes.length).chain((start) => {
      return fc.tuple(fc.constant(start), fc.nat(bytes.length - start));
    });
    return fc.array(fc.array(piece, { maxLength: 3 }), { maxLength: 12 }).map((messages) => ({
      bytes,
      pieces: messages.flat(2),
      pieceCounts: messages.map((pieces) => pieces.length),
    }));
  });

describe.each(["simd", "scalar"] as const)("the %s module", (variant) => {
  const hashing = createWasmHashing(variant);

  test("proves itself", () => {
    expect(proveHashing(hashing)).toBe(true);
  });

  test("hashes any messages as its twin does", () => {
    fc.assert(
      fc.property(messagesArbitrary, bytesOf(32), (messages, tag) => {
        for (const method of ["once", "twice", { tag }] as const) {
          const expected = javaScriptHashing.hashMessages(method, messages);
          expect(hashing.hashMessages(method, messages)).toEqual(expected);
        }
      }),
    );
  });

  test("hashes and shows any headers as its twin does", () => {
    fc.assert(
      fc.property(
        fc.nat(30).chain((count) => bytesOf(80 * count)),
        (headers) => {
          expect(hashing.hashHeaders(headers)).toEqual(javaScriptHashing.hashHeaders(headers));
          const row = { bytes: headers, start: 36, stride: 80, count: headers.length / 80 };
          expect(hashing.showHashes(row)).toBe(javaScriptHashing.showHashes(row));
        },
      ),
    );
  });

  test("finds any merkle root and mutation as its twin does", () => {
    fc.assert(
      fc.property(ids, fc.nat(3), (leaves, repeated) => {
        const list = [...leaves, ...leaves.slice(leaves.length - repeated)];
        expect(hashing.merkleRoot(list)).toEqual(javaScriptHashing.merkleRoot(list));
      }),
    );
  });

  test("goes on after its memory had to grow, and what it answered before stays", () => {
    const small = { bytes: Uint8Array.of(1, 2, 3), pieces: [0, 3], pieceCounts: [1] };
    const before = hashing.hashMessages("once", small);
    const bytes = new Uint8Array(3_000_000).map((_, i) => i >> 3);
    const large = { bytes, pieces: [0, bytes.length], pieceCounts: [1] };
    expect(hashing.hashMessages("twice", large)).toEqual(
      javaScriptHashing.hashMessages("twice", large),
    );
    expect(hashing.hashMessages("once", small)).toEqual(before);
    expect(before).toEqual(javaScriptHashing.hashMessages("once", small));
  });
});
