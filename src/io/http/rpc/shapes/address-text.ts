/** Addresses of any kind, and what is wrong with a text that is none. */

import { base58, bech32, bech32m, createBase58check } from "@scure/base";
import { sha256 } from "../../../../primitives/hash.ts";
import { locateErrors } from "./bech32-errors.ts";
import { witnessScript } from "./script-kind.ts";

export type AddressReading =
  | { readonly ok: true; readonly script: Uint8Array }
  | { readonly ok: false; readonly error: string; readonly locations: readonly number[] };

const base58check = createBase58check(sha256);
const lengthMax = 90;
const legacySizeBytes = 21;

/**
 * Reads an address of the network whose segregated-witness addresses begin with `prefix`.
 *
 * @see Bitcoin Core, DecodeDestination, whose words these are
 */
export function readAddress(text: string, prefix: string): AddressReading {
  if (text.slice(0, prefix.length).toLowerCase() !== prefix) return readLegacy(text, prefix);
  const decoded = decodeWords(text);
  if (decoded === undefined) {
    const { error, locations } = locateErrors(text);
    return { ok: false, error, locations };
  }
  return readWitness(decoded, prefix);
}

type Words = {
  readonly prefix: string;
  readonly words: readonly number[];
  readonly isModified: boolean;
};

function decodeWords(text: string): Words | undefined {
  const old = bech32.decodeUnsafe(text, lengthMax);
  if (old) return { ...old, isModified: false };
  const current = bech32m.decodeUnsafe(text, lengthMax);
  return current ? { ...current, isModified: true } : undefined;
}

function readWitness({ prefix, words, isModified }: Words, expected: string): AddressReading {
  const [version, ...rest] = words;
  if (version === undefined) return broken("Empty Bech32 data section");
  if (prefix !== expected) {
    const found = `(expected ${expected}, got ${prefix})`;
    return broken(`Invalid or unsupported prefix for Segwit (Bech32) address ${found}.`);
  }
  if (version === 0 && isModified) {
    return broken("Version 0 witness address must use Bech32 checksum");
  }
  if (version !== 0 && !isModified) {
    return broken("Version 1+ witness address must use Bech32m checksum");
  }
  const program = bech32.fromWordsUnsafe(rest);
  if (!program) return broken("Invalid padding in Bech32 data section");
  const size = `${program.length} ${program.length === 1 ? "byte" : "bytes"}`;
  if (version === 0 && program.length !== 20 && program.length !== 32) {
    return broken(`Invalid Bech32 v0 address program size (${size}), per BIP141`);
  }
  if (version > 16) return broken("Invalid Bech32 address witness version");
  if (program.length < 2 || program.length > 40) {
    return broken(`Invalid Bech32 address program size (${size})`);
  }
  return { ok: true, script: witnessScript(version, program) };
}

/** First of the main network, then of the test networks. */
const keyHashVersions = [0x00, 0x6f] as const;
const scriptHashVersions = [0x05, 0xc4] as const;

function readLegacy(text: string, prefix: string): AddressReading {
  const data = checkedBytes(text);
  if (data === undefined) {
    const isBase58 = text.length <= 150 && hasBase58(text);
    return broken(
      isBase58
        ? "Invalid checksum or length of Base58 address (P2PKH or P2SH)"
        : "Invalid or unsupported Segwit (Bech32) or Base58 encoding.",
    );
  }
  const [version = -1, ...hash] = data;
  const network = prefix === "bc" ? 0 : 1;
  const isKeyHash = version === keyHashVersions[network];
  if (!isKeyHash && version !== scriptHashVersions[network]) {
    return broken("Invalid or unsupported Base58-encoded address.");
  }
  if (data.length !== legacySizeBytes) {
    return broken("Invalid length for Base58 address (P2PKH or P2SH)");
  }
  const script = isKeyHash
    ? Uint8Array.of(0x76, 0xa9, 20, ...hash, 0x88, 0xac)
    : Uint8Array.of(0xa9, 20, ...hash, 0x87);
  return { ok: true, script };
}

/** Undefined if it is longer than any address, or its checksum is wrong. */
function checkedBytes(text: string): Uint8Array | undefined {
  try {
    const bytes = base58check.decode(text);
    return bytes.length <= legacySizeBytes ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function hasBase58(text: string): boolean {
  try {
    base58.decode(text);
    return true;
  } catch {
    return false;
  }
}

function broken(error: string): AddressReading {
  return { ok: false, error, locations: [] };
}
