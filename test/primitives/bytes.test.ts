/** Checks the reader and writer of Bitcoin's serialisation at the bounds of each form. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ByteReader,
  bytesToHex,
  ByteWriter,
  decodeWhole,
  equalBytes,
  hexToBytes,
  parseHex,
} from "../../src/primitives/bytes.ts";

function reasonOf(hex: string, read: (reader: ByteReader) => unknown): string | undefined {
  const verdict = decodeWhole(parseHex(hex), read);
  return verdict.ok ? undefined : verdict.problem.reason;
}

describe("hex", () => {
  test("digits of either case are read, lower case is written", () => {
    const verdict = hexToBytes("00fFa0Ab");
    expect(verdict).toEqual({ ok: true, value: Uint8Array.of(0, 255, 160, 171) });
    expect(bytesToHex(Uint8Array.of(0, 255, 160, 171))).toBe("00ffa0ab");
  });

  test("every string of bytes comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(hexToBytes(bytesToHex(bytes))).toEqual({ ok: true, value: bytes });
      }),
    );
  });

  test.each([
    ["0", "odd number of hex digits (1)"],
    ["abc", "odd number of hex digits (3)"],
    ["00g0", 'not a hex digit: "g" at position 2'],
    ["0x00", 'not a hex digit: "x" at position 1'],
    ["00 0", 'not a hex digit: " " at position 2'],
    ["00\n0", 'not a hex digit: "\\n" at position 2'],
  ])("%j is refused with what is wrong and where", (hex, reason) => {
    expect(hexToBytes(hex)).toEqual({ ok: false, problem: { rule: "malformed", reason } });
  });
});

test("bytes are equal only if all of them and their number are", () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
});

describe("CompactSize", () => {
  test.each([
    [0, "00"],
    [0xfc, "fc"],
    [0xfd, "fdfd00"],
    [0xffff, "fdffff"],
    [0x1_0000, "fe00000100"],
    [0xffff_ffff, "feffffffff"],
    [0x1_0000_0000, "ff0000000001000000"],
    [Number.MAX_SAFE_INTEGER, "ffffffffffffff1f00"],
  ])("%d is written as %s and read back", (count, hex) => {
    expect(bytesToHex(new ByteWriter().compactSize(count).finish())).toBe(hex);
    expect(decodeWhole(parseHex(hex), (reader) => reader.compactSize())).toEqual({
      ok: true,
      value: count,
    });
  });

  test.each([
    "fd0000",
    "fdfc00",
    "fe00000000",
    "feffff0000",
    "ff0000000000000000",
    "ffffffffff00000000",
  ])("%s is refused because a shorter form exists", (hex) => {
    expect(reasonOf(hex, (reader) => reader.compactSize())).toBe("CompactSize is not minimal");
  });

  test.each(["ff00000000000020" + "00", "ffffffffffffffffff"])(
    "%s is refused because no count is so large",
    (hex) => {
      expect(reasonOf(hex, (reader) => reader.compactSize())).toBe("64-bit number out of range");
    },
  );

  test.each(["", "fd", "fdff", "fe000001", "ff00000000010000"])(
    "%j is refused because it is cut short",
    (hex) => {
      expect(reasonOf(hex, (reader) => reader.compactSize())).toBe("the data ends too early");
    },
  );
});

describe("reading", () => {
  test("numbers are little-endian, signed only where their name says so", () => {
    const bytes = parseHex("ff" + "0180" + "ffffffff" + "ffffffff" + "0040075af0750700");
    const verdict = decodeWhole(bytes, (reader) => [
      reader.uint8(),
      reader.uint16(),
      reader.uint32(),
      reader.int32(),
      reader.uint64(),
    ]);
    expect(verdict).toEqual({ ok: true, value: [255, 0x8001, 0xffff_ffff, -1, 2.1e15] });
  });

  test("what was written is read back", () => {
    const uint32 = fc.nat(0xffff_ffff);
    const fields = fc.tuple(uint32, fc.maxSafeNat(), fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(fc.array(fields), (rows) => {
        const writer = new ByteWriter();
        writer.list(rows, ([small, large, bytes]) =>
          writer.uint32(small).uint64(large).prefixed(bytes),
        );
        const verdict = decodeWhole(writer.finish(), (reader) =>
          reader.list(13, () => [reader.uint32(), reader.uint64(), reader.prefixed()]),
        );
        expect(verdict).toEqual({ ok: true, value: rows });
      }),
    );
  });

  test("bytes left over are malformed", () => {
    expect(reasonOf("000102", (reader) => reader.uint8())).toBe("2 bytes after the end");
  });

  test("a length that the data cannot hold is refused before anything is allocated", () => {
    const reason = "4294967295 items announced, but the data ends";
    expect(reasonOf("feffffffff00", (reader) => reader.prefixed())).toBe(reason);
    expect(reasonOf("feffffffff00", (reader) => reader.list(1, () => 0))).toBe(reason);
  });

  test("a list may announce exactly as many items as the data can hold, and no more", () => {
    const read = (reader: ByteReader) => reader.list(2, () => reader.uint16());
    expect(reasonOf("02" + "01000200", read)).toBeUndefined();
    expect(reasonOf("03" + "0100020003", read)).toBe("3 items announced, but the data ends");
  });

  test.each([
    ["an array", Uint8Array.of(1, 2, 3)],
    ["a Buffer", Buffer.of(1, 2, 3)],
    ["a part of a larger one", Buffer.of(0, 1, 2, 3, 4).subarray(1, 4)],
  ])("bytes read from %s are a copy, which keeps nothing else in memory", (_what, message) => {
    const read = new ByteReader(message).bytes(3);
    message.fill(0);
    expect(read).toEqual(Uint8Array.of(1, 2, 3));
    expect(read.buffer.byteLength).toBe(3);
  });

  test("a bug in a decoder is thrown, not taken for malformed data", () => {
    const read = (): never => {
      throw new TypeError("a bug");
    };
    expect(() => decodeWhole(new Uint8Array(), read)).toThrow(TypeError);
  });
});
