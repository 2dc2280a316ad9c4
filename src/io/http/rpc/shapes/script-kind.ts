/** What kind of script an output has, by the names of Bitcoin Core. */

import { ripemd160 } from "@noble/hashes/legacy.js";
import { bech32, bech32m, createBase58check } from "@scure/base";
import { sha256 } from "../../../../primitives/hash.ts";
import { operationsOf } from "../../../../primitives/operations.ts";
import { isDataScript, isUnspendable } from "../../../../primitives/script.ts";

/** @see Bitcoin Core, GetTxnOutputType */
export type ScriptKind =
  | { readonly type: "nonstandard" | "nulldata" | "anchor" }
  | { readonly type: "pubkey"; readonly keys: readonly [Uint8Array] }
  | { readonly type: "multisig"; readonly required: number; readonly keys: readonly Uint8Array[] }
  | { readonly type: "pubkeyhash" | "scripthash"; readonly hash: Uint8Array }
  | {
      readonly type:
        "witness_v0_keyhash" | "witness_v0_scripthash" | "witness_v1_taproot" | "witness_unknown";
      readonly version: number;
      readonly program: Uint8Array;
    };

const op = {
  zero: 0,
  one: 0x51,
  sixteen: 0x60,
  dup: 0x76,
  equal: 0x87,
  equalVerify: 0x88,
} as const;
const hash160Operation = 0xa9;
const checkSig = 0xac;
const checkMultisig = 0xae;
const hashSizeBytes = 20;

/** @see Bitcoin Core, Solver */
export function scriptKindOf(script: Uint8Array): ScriptKind {
  const witness = witnessKindOf(script);
  if (witness !== undefined) return witness;
  if (script.length === 23 && script[0] === hash160Operation && script[1] === hashSizeBytes) {
    if (script[22] === op.equal) return { type: "scripthash", hash: script.subarray(2, 22) };
  }
  if (isDataScript(script)) return { type: "nulldata" };
  const key = singleKeyOf(script);
  if (key !== undefined) return { type: "pubkey", keys: [key] };
  if (isPubkeyHash(script)) return { type: "pubkeyhash", hash: script.subarray(3, 23) };
  return multisigOf(script) ?? { type: "nonstandard" };
}

function witnessKindOf(script: Uint8Array): ScriptKind | undefined {
  const [first = -1, size = 0] = script;
  const isVersion = first === op.zero || (first >= op.one && first <= op.sixteen);
  if (!isVersion || script.length < 4 || script.length > 42 || size + 2 !== script.length) {
    return undefined;
  }
  const version = first === op.zero ? 0 : first - op.one + 1;
  const program = script.subarray(2);
  if (version === 0) {
    if (size === hashSizeBytes) return { type: "witness_v0_keyhash", version, program };
    return size === 32
      ? { type: "witness_v0_scripthash", version, program }
      : { type: "nonstandard" };
  }
  if (version === 1 && size === 32) return { type: "witness_v1_taproot", version, program };
  if (version === 1 && size === 2 && program[0] === 0x4e && program[1] === 0x73) {
    return { type: "anchor" };
  }
  return { type: "witness_unknown", version, program };
}

function singleKeyOf(script: Uint8Array): Uint8Array | undefined {
  const size = script[0];
  if (script.at(-1) !== checkSig || (size !== 33 && size !== 65)) return undefined;
  const key = script.subarray(1, -1);
  return key.length === size && isKey(key) ? key : undefined;
}

function isPubkeyHash(script: Uint8Array): boolean {
  const [a, b, c] = script;
  const hasFrame = script[23] === op.equalVerify && script[24] === checkSig;
  const isHash = a === op.dup && b === hash160Operation && c === hashSizeBytes;
  return script.length === 25 && isHash && hasFrame;
}

function multisigOf(script: Uint8Array): ScriptKind | undefined {
  if (script.at(-1) !== checkMultisig) return undefined;
  const operations = operationsOf(script);
  const required = numberOf(operations.at(0)?.code);
  const count = numberOf(operations.at(-2)?.code);
  const pushes = operations.slice(1, -2).map(({ data }) => data);
  const keys = pushes.filter((data): data is Uint8Array => data !== undefined && isKey(data));
  const isWhole = keys.length === pushes.length && keys.length === count;
  if (!isWhole || required === undefined || required > keys.length) return undefined;
  return { type: "multisig", required, keys };
}

function numberOf(code: number | undefined): number | undefined {
  if (code === undefined || code < op.one || code > op.sixteen) return undefined;
  return code - op.one + 1;
}

/** Whether it has the size that its first byte promises. @see Bitcoin Core, CPubKey::ValidSize */
function isKey(bytes: Uint8Array): boolean {
  const [kind = 0] = bytes;
  if (kind === 2 || kind === 3) return bytes.length === 33;
  return (kind === 4 || kind === 6 || kind === 7) && bytes.length === 65;
}

// --- Addresses ---------------------------------------------------------------------------------

const legacyVersions = { pubkeyhash: 0x6f, scripthash: 0xc4 } as const;
const base58check = createBase58check(sha256);

/** Undefined for scripts that have none. @see Bitcoin Core, ExtractDestination */
export function addressOfKind(kind: ScriptKind, prefix: string): string | undefined {
  switch (kind.type) {
    case "pubkeyhash":
    case "scripthash":
      return base58check.encode(Uint8Array.of(legacyVersions[kind.type], ...kind.hash));
    case "witness_v0_keyhash":
    case "witness_v0_scripthash":
      return bech32.encode(prefix, [0, ...bech32.toWords(kind.program)]);
    case "witness_v1_taproot":
    case "witness_unknown":
      return bech32m.encode(prefix, [kind.version, ...bech32m.toWords(kind.program)]);
    case "anchor":
      return bech32m.encode(prefix, [1, ...bech32m.toWords(Uint8Array.of(0x4e, 0x73))]);
    case "pubkey":
    case "multisig":
    case "nulldata":
    case "nonstandard":
      return undefined;
  }
}

/** RIPEMD-160 of SHA-256. */
export function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes));
}

export function scriptHashScript(script: Uint8Array): Uint8Array {
  return Uint8Array.of(hash160Operation, hashSizeBytes, ...hash160(script), op.equal);
}

const scriptSizeBytesMax = 10_000;

/** Whether an output with this script is never in the set of coins. @see IsUnspendable */
export function isInNoCoin(script: Uint8Array): boolean {
  return isUnspendable(script) || script.length > scriptSizeBytesMax;
}

/** A version and a program. */
export function witnessScript(version: number, program: Uint8Array): Uint8Array {
  const first = version === 0 ? op.zero : op.one + version - 1;
  return Uint8Array.of(first, program.length, ...program);
}
