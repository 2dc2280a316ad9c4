/** Checks addresses against BIP350's own cases. */

import { bech32 } from "@scure/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressOfScript,
  type AddressProblem,
  decodeWitnessAddress,
  describeAddressProblem,
  encodeWitnessAddress,
  scriptOfAddress,
} from "../../src/primitives/address.ts";
import { bytesToHex, parseHex } from "../../src/primitives/bytes.ts";
import { payToTaproot } from "../../src/primitives/script.ts";
import { describeVectors } from "../vectors/suite.ts";

/** In BIP350's cases, addresses of every other prefix count as invalid. */
const bip350Prefixes = ["bc", "tb"];

type Bip350 = {
  readonly validAddresses: [address: string, script: string][];
  readonly invalidWithReason: [address: string, reason: string][];
};

describeVectors("BIP350's addresses", "bip350.json", (file) => {
  const { validAddresses, invalidWithReason }: Bip350 = JSON.parse(file.toString());

  test("there are 8 valid and 26 invalid ones", () => {
    expect(validAddresses).toHaveLength(8);
    expect(invalidWithReason).toHaveLength(26);
  });

  test.each(validAddresses)("%s is valid and comes back", (address, script) => {
    const verdict = decodeWitnessAddress(address);
    if (!verdict.ok) throw new Error(verdict.problem.reason);
    const { prefix, version, program } = verdict.value;
    const operation = version === 0 ? 0 : 0x50 + version;
    expect(bytesToHex(Uint8Array.of(operation, program.length, ...program))).toBe(script);
    expect(bip350Prefixes).toContain(prefix);
    expect(encodeWitnessAddress(verdict.value)).toBe(address.toLowerCase());
  });

  test.each(invalidWithReason)("%s is refused: %s", (address) => {
    const verdict = decodeWitnessAddress(address);
    expect(verdict.ok && bip350Prefixes.includes(verdict.value.prefix)).toBe(false);
  });
});

describe("the address of a taproot script", () => {
  const key = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  const script = payToTaproot(parseHex(key));
  // From BIP350; its key is the x coordinate of secp256k1's generator.
  const onMain = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";

  test("is the one in BIP350", () => {
    expect(addressOfScript(script, "bc")).toBe(onMain);
    expect(scriptOfAddress(onMain, "bc")).toEqual({ ok: true, value: script });
  });

  test("leads back to the script, on every network and for every key", () => {
    const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(keys, fc.constantFrom("pow", "bcrt", "bc"), (outputKey, prefix) => {
        const address = addressOfScript(payToTaproot(outputKey), prefix)!;
        expect(address.startsWith(`${prefix}1p`)).toBe(true);
        const expected = { ok: true, value: payToTaproot(outputKey) };
        expect(scriptOfAddress(address, prefix)).toEqual(expected);
        expect(scriptOfAddress(address.toUpperCase(), prefix)).toEqual(expected);
      }),
    );
  });

  test("with any one letter changed is malformed", () => {
    for (let at = 3; at < onMain.length; at++) {
      const changed = onMain.slice(0, at) + (onMain[at] === "q" ? "p" : "q") + onMain.slice(at + 1);
      const verdict = scriptOfAddress(changed, "bc");
      expect(verdict.ok ? "accepted" : verdict.problem.rule, changed).toBe("malformed");
    }
  });

  test("of another script does not exist", () => {
    expect(addressOfScript(parseHex("6a"), "pow")).toBeUndefined();
  });

  test("of another network is refused, and people are told which", () => {
    const verdict = scriptOfAddress(onMain, "pow");
    const problem = { rule: "wrong-network", prefix: "bc", expected: "pow" } as const;
    expect(verdict).toEqual({ ok: false, problem });
    expect(describeAddressProblem(onMain, problem)).toMatch(/"bc1".*"pow1"/);
  });

  test.each([
    ["a key hash", 0, 20],
    ["a script hash", 0, 32],
    ["a taproot program of another length", 1, 33],
    ["a later version", 2, 32],
  ])("%s is no taproot address", (_what, version, length) => {
    const address = encodeWitnessAddress({
      prefix: "pow",
      version,
      program: new Uint8Array(length),
    });
    const problem = { rule: "not-taproot", version } as const;
    expect(scriptOfAddress(address, "pow")).toEqual({ ok: false, problem });
    expect(describeAddressProblem(address, problem)).toMatch(/only taproot/);
  });

  test.each([
    ["a key hash", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "P2PKH", "main"],
    ["a script hash", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "P2SH", "main"],
    ["a key hash of a test network", "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "P2PKH", "test"],
  ])("%s from before segregated witness is called so", (_what, address, kind, network) => {
    const problem = { rule: "legacy", kind, network } as const;
    expect(scriptOfAddress(address, "pow")).toEqual({ ok: false, problem });
    const sentence = describeAddressProblem(address, problem as AddressProblem);
    expect(sentence).toContain(kind);
    expect(sentence).not.toContain("checksum");
  });

  test("a Lightning invoice is called so, however long it is", () => {
    const invoice = bech32.encode("lnbc20m", bech32.toWords(new Uint8Array(100)), false);
    const problem = { rule: "lightning-invoice" };
    expect(scriptOfAddress(invoice, "pow")).toEqual({ ok: false, problem });
  });

  test("a network that people know is called by its name", () => {
    const address = encodeWitnessAddress({ prefix: "tb", version: 0, program: new Uint8Array(20) });
    const verdict = scriptOfAddress(address, "pow");
    if (verdict.ok) throw new Error("accepted");
    expect(describeAddressProblem(address, verdict.problem)).toContain(
      "(Bitcoin's testnet or signet)",
    );
  });

  test("that is nonsense is quoted with what is wrong", () => {
    const verdict = scriptOfAddress("alice", "pow");
    if (verdict.ok) throw new Error("accepted");
    expect(describeAddressProblem("alice", verdict.problem)).toMatch(/^"alice" is not an address/);
  });
});
