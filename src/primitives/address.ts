/** Addresses: a network's prefix, a witness version and a program, as text with a checksum. */

import { bech32, bech32m, createBase58check } from "@scure/base";
import { type Malformed, malformed } from "./bytes.ts";
import { sha256 } from "./hash.ts";
import { payToTaproot, taprootKey } from "./script.ts";
import { broken, unreachable, valid, type Verdict } from "./verdict.ts";

export type WitnessProgram = {
  readonly prefix: string;
  /** 0 to 16; taproot is 1. */
  readonly version: number;
  readonly program: Uint8Array;
};

export type AddressProblem =
  | Malformed
  | { readonly rule: "wrong-network"; readonly prefix: string; readonly expected: string }
  | { readonly rule: "not-taproot"; readonly version: number }
  /** An address from before segregated witness. */
  | { readonly rule: "legacy"; readonly kind: LegacyKind; readonly network: LegacyNetwork }
  | { readonly rule: "lightning-invoice" };

export type LegacyKind = "P2PKH" | "P2SH";
/** All test networks share their versions. */
export type LegacyNetwork = "main" | "test";

/** @see Bitcoin Core, base58Prefixes: first of the main network, then of the test networks. */
const legacyVersions: ReadonlyMap<number, readonly [LegacyKind, LegacyNetwork]> = new Map([
  [0x00, ["P2PKH", "main"]],
  [0x05, ["P2SH", "main"]],
  [0x6f, ["P2PKH", "test"]],
  [0xc4, ["P2SH", "test"]],
]);
const legacySizeBytes = 21;
const base58check = createBase58check(sha256);

const addressLengthMax = 90;

/** Reads any segregated-witness address. @see BIP173, BIP350 */
export function decodeWitnessAddress(address: string): Verdict<WitnessProgram, Malformed> {
  const decoded = decodeWords(address);
  if (decoded === undefined) return malformed("the checksum is wrong or a character is missing");
  const { prefix, words, encoding } = decoded;
  const [version, ...rest] = words;
  if (version === undefined || version > 16) return malformed("no known witness version");
  if ((version === 0) !== (encoding === "bech32")) {
    return malformed(`witness version ${version} has another checksum`);
  }
  const program = bech32m.fromWordsUnsafe(rest);
  if (!program) return malformed("superfluous bits at the end");
  if (program.length < 2 || program.length > 40) return malformed("the program's length is wrong");
  if (version === 0 && program.length !== 20 && program.length !== 32) {
    return malformed("a version 0 program has 20 or 32 bytes");
  }
  return valid({ prefix, version, program });
}

function decodeWords(
  address: string,
): { prefix: string; words: number[]; encoding: "bech32" | "bech32m" } | undefined {
  const old = bech32.decodeUnsafe(address, addressLengthMax);
  if (old) return { prefix: old.prefix, words: old.words, encoding: "bech32" };
  const current = bech32m.decodeUnsafe(address, addressLengthMax);
  if (current) return { prefix: current.prefix, words: current.words, encoding: "bech32m" };
  return undefined;
}

export function encodeWitnessAddress({ prefix, version, program }: WitnessProgram): string {
  const words = [version, ...bech32m.toWords(program)];
  return (version === 0 ? bech32 : bech32m).encode(prefix, words, addressLengthMax);
}

/** The address of a taproot script, or undefined if the script is another. */
export function addressOfScript(script: Uint8Array, prefix: string): string | undefined {
  const program = taprootKey(script);
  return program && encodeWitnessAddress({ prefix, version: 1, program });
}

/** The script that a taproot address on the network with this prefix stands for. */
export function scriptOfAddress(
  address: string,
  expected: string,
): Verdict<Uint8Array, AddressProblem> {
  const decoded = decodeWitnessAddress(address);
  if (!decoded.ok) return foreignKind(address) ?? decoded;
  const { prefix, version, program } = decoded.value;
  if (prefix !== expected) return broken({ rule: "wrong-network", prefix, expected });
  if (version !== 1 || program.length !== 32) return broken({ rule: "not-taproot", version });
  return valid(payToTaproot(program));
}

/** What a text is that other wallets could pay. */
function foreignKind(address: string): Verdict<never, AddressProblem> | undefined {
  if (invoicePattern.test(address) && bech32.decodeUnsafe(address, false)) {
    return broken({ rule: "lightning-invoice" });
  }
  const legacy = legacyVersion(address);
  if (legacy === undefined) return undefined;
  const [kind, network] = legacy;
  return broken({ rule: "legacy", kind, network });
}

/** @see BOLT11 */
const invoicePattern = /^ln(bc|tb|bcrt|tbs)/i;

function legacyVersion(address: string): readonly [LegacyKind, LegacyNetwork] | undefined {
  try {
    const [version = -1, ...hash] = base58check.decode(address);
    return hash.length === legacySizeBytes - 1 ? legacyVersions.get(version) : undefined;
  } catch {
    return undefined; // no base58, or another checksum
  }
}

/** Networks as people call them, by what their addresses begin with. */
const networksByPrefix: Readonly<Record<string, string>> = {
  bc: "Bitcoin",
  tb: "Bitcoin's testnet or signet",
  bcrt: "regtest",
  pow: "lab",
};

/** One sentence for people. */
export function describeAddressProblem(address: string, problem: AddressProblem): string {
  switch (problem.rule) {
    case "malformed":
      return `${JSON.stringify(address)} is not an address: ${problem.reason}.`;
    case "wrong-network":
      return (
        `${address} belongs to another network${namedNetwork(problem.prefix)}: ` +
        `it begins with "${problem.prefix}1", here addresses begin with "${problem.expected}1".`
      );
    case "not-taproot": {
      const kind = `a segregated-witness address of version ${problem.version}`;
      return `${address} is ${kind}, not a taproot address: only taproot can be paid here.`;
    }
    case "legacy":
      return (
        `${address} is an address from before segregated witness (${problem.kind}), ` +
        "not a taproot address: only taproot can be paid here."
      );
    case "lightning-invoice":
      return "This is an invoice of the Lightning network: only taproot addresses can be paid here.";
    default:
      return unreachable(problem);
  }
}

function namedNetwork(prefix: string): string {
  const name = networksByPrefix[prefix];
  return name === undefined ? "" : ` (${name})`;
}
