/** Checks the hashes against published ones, and their text form. */

import { describe, expect, test } from "vitest";
import type { Txid } from "../../src/primitives/brand.ts";
import { bytesToHex, parseHex } from "../../src/primitives/bytes.ts";
import {
  displayHash,
  displayHashes,
  hashBytes,
  parseHash,
  sha256,
  sha256d,
  taggedHash,
} from "../../src/primitives/hash.ts";

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("hashing", () => {
  test.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ])("SHA-256 of %j is the one in FIPS 180-2", (text, expected) => {
    expect(bytesToHex(sha256(ascii(text)))).toBe(expected);
  });

  test("the hash applied twice is the hash of the hash", () => {
    const expected = "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50";
    expect(bytesToHex(sha256d(ascii("hello")))).toBe(expected);
  });

  test("a tagged hash is the hash of the tag's hash twice and all parts, each time it is asked", () => {
    const tag = sha256(ascii("TapSighash"));
    const parts = [ascii("one"), ascii("two")] as const;
    const expected = sha256(Uint8Array.of(...tag, ...tag, ...parts[0], ...parts[1]));
    expect(taggedHash("TapSighash", ...parts)).toEqual(expected);
    expect(taggedHash("TapSighash", ...parts)).toEqual(expected);
    expect(taggedHash("TapTweak", ...parts)).not.toEqual(expected);
  });
});

describe("hashes as text", () => {
  const text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

  test("the last byte is shown first, and both ways end where they began", () => {
    const bytes = hashBytes(text);
    expect(bytes[0]).toBe(0xff);
    expect(bytes[31]).toBe(0x00);
    expect(displayHash(bytes)).toBe(text);
    expect(bytes).toEqual(parseHex(text).reverse());
  });

  test("many are shown as each alone", () => {
    const bytes = Uint8Array.from({ length: 3 * 32 }, (_, i) => i * 5);
    const alone = [0, 1, 2].map((position) => displayHash<Txid>(bytes, position));
    expect(displayHashes<Txid>(bytes)).toEqual(alone);
    expect(displayHashes<Txid>(new Uint8Array())).toEqual([]);
  });

  test("upper case is read as what it means", () => {
    expect(parseHash(text.toUpperCase())).toEqual({ ok: true, value: text });
  });

  test.each([
    ["nothing", ""],
    ["63 digits", text.slice(1)],
    ["65 digits", `${text}0`],
    ["another letter", `g${text.slice(1)}`],
    ["a line end", `${text}\n`],
    ["a prefix", `0x${text.slice(2)}`],
  ])("%s is no hash", (_what, wrong) => {
    expect(parseHash(wrong).ok).toBe(false);
  });
});
