/** Words, keys and addresses, against BIP86's published vectors. */

import { schnorr } from "@noble/secp256k1";
import { describe, expect, test } from "vitest";
import { lab, main, regtest } from "../../src/consensus/params.ts";
import { bytesToHex } from "../../src/primitives/bytes.ts";
import {
  Account,
  createWords,
  describeWordsProblem,
  type KeyPlace,
  parseWords,
} from "../../src/wallet/keys.ts";

const words =
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

describe("BIP86's vectors", () => {
  const account = new Account(words, main);

  test("the account's extended public key", () => {
    expect(account.extendedPublicKey).toBe(
      "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ",
    );
  });

  test.each<{
    place: KeyPlace;
    path: string;
    internalKey: string;
    script: string;
    address: string;
  }>([
    {
      place: { use: "receiving", index: 0 },
      path: "m/86'/0'/0'/0/0",
      internalKey: "cc8a4bc64d897bddc5fbc2f670f7a8ba0b386779106cf1223c6fc5d7cd6fc115",
      script: "5120a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c",
      address: "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
    },
    {
      place: { use: "receiving", index: 1 },
      path: "m/86'/0'/0'/0/1",
      internalKey: "83dfe85a3151d2517290da461fe2815591ef69f2b18a2ce63f01697a8b313145",
      script: "5120a82f29944d65b86ae6b5e5cc75e294ead6c59391a1edc5e016e3498c67fc7bbb",
      address: "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh",
    },
    {
      place: { use: "change", index: 0 },
      path: "m/86'/0'/0'/1/0",
      internalKey: "399f1b2f4393f29a18c937859c5dd8a77350103157eb880f02e8c08214277cef",
      script: "5120882d74e5d0572d5a816cef0041a96b6c1de832f6f9676d9605c44d5e9a97d3dc",
      address: "bc1p3qkhfews2uk44qtvauqyr2ttdsw7svhkl9nkm9s9c3x4ax5h60wqwruhk7",
    },
  ])("the key and address at $path", ({ place, path, internalKey, script, address }) => {
    const key = account.keyAt(place);
    expect(account.pathOf(place)).toBe(path);
    expect(bytesToHex(key.internalKey)).toBe(internalKey);
    expect(bytesToHex(key.script)).toBe(script);
    expect(key.address).toBe(address);
  });
});

test("networks without value share keys, and tell themselves apart by the address", () => {
  const place: KeyPlace = { use: "receiving", index: 0 };
  const [onLab, onRegtest, onMain] = [lab, regtest, main].map((network) =>
    new Account(words, network).keyAt(place),
  );
  expect(onLab!.address).toMatch(/^pow1p/);
  expect(onRegtest!.address).toMatch(/^bcrt1p/);
  expect(onLab!.script).toEqual(onRegtest!.script);
  expect(onLab!.script).not.toEqual(onMain!.script);
});

test("the secret key at a place belongs to the key in the address at that place", () => {
  const account = new Account(words, lab);
  for (const use of ["receiving", "change"] as const) {
    for (let index = 0; index < 5; index++) {
      const outputKey = schnorr.getPublicKey(account.secretKeyAt({ use, index }));
      expect(account.keyAt({ use, index }).script).toEqual(Uint8Array.of(0x51, 32, ...outputKey));
    }
  }
});

describe("words", () => {
  test("new words are twelve, or 24 on request, never the same, and can be read again", () => {
    const made = createWords();
    expect(made.split(" ")).toHaveLength(12);
    expect(createWords(24).split(" ")).toHaveLength(24);
    expect(createWords()).not.toBe(made);
    expect(parseWords(made)).toEqual({ ok: true, value: made });
  });

  test("capitals and space do not matter", () => {
    const typed = `  ${words.toUpperCase().replaceAll(" ", " \n\t ")}\n`;
    expect(parseWords(typed)).toEqual({ ok: true, value: words });
  });

  test.each([
    ["with numbers", (word: string, i: number) => `${i + 1}. ${word}\n`],
    ["with numbers that stand close", (word: string, i: number) => `${i + 1}.${word} `],
    ["with numbers and no full stop", (word: string, i: number) => `${i + 1}${word} `],
    ["in brackets", (word: string, i: number) => `${i + 1}) ${word}\t`],
    ["with commas", (word: string) => `${word}, `],
    ["as a list of JSON", (word: string, i: number) => `${i === 0 ? "[" : ","}"${word}"`],
  ])("pasted %s restore", (_, written) => {
    const pasted = words.split(" ").map(written).join("");
    expect(parseWords(pasted)).toEqual({ ok: true, value: words });
  });

  test.each([
    ["too few", words.slice(8), { rule: "word-count", count: 11 }, "not 11"],
    [
      "a word of no list",
      words.replace("about", "abuot"),
      { rule: "unknown-word", word: "abuot", position: 12 },
      'Word 12, "abuot"',
    ],
    [
      "a known word in a wrong place",
      words.replace("about", "abandon"),
      { rule: "words-checksum" },
      "checksum of these words is wrong",
    ],
  ])("%s is refused with a sentence that says so", (_, typed, problem, sentence) => {
    const parsed = parseWords(typed);
    expect(parsed).toEqual({ ok: false, problem });
    expect(!parsed.ok && describeWordsProblem(parsed.problem)).toContain(sentence);
  });
});
