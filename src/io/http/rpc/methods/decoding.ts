/** Methods that show what a text of hex digits means; no chain is needed for that. */

import { bytesToHex } from "../../../../primitives/bytes.ts";
import { withChecksum } from "../../../../primitives/descriptor-checksum.ts";
import { sha256 } from "../../../../primitives/hash.ts";
import { operationsOf } from "../../../../primitives/operations.ts";
import type { Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { flag, optional, text } from "../call/parameters.ts";
import { decodedHex, decodedTransactionOf } from "../shapes/decoded.ts";
import { scriptJson } from "../shapes/script-json.ts";
import {
  addressOfKind,
  hash160,
  isInNoCoin,
  scriptHashScript,
  type ScriptKind,
  scriptKindOf,
  witnessScript,
} from "../shapes/script-kind.ts";
import { transactionJson } from "../shapes/transaction-json.ts";

export const decodingMethods: readonly Method[] = [
  method("decoderawtransaction", {
    about: "A transaction given as hex, as an object.",
    category: "Rawtransactions",
    parameters: { hexstring: text, iswitness: optional(flag) },
    answer: ({ hexstring, iswitness }, { served }) => {
      const transaction = decodedTransactionOf(hexstring, "TX decode failed", iswitness);
      return transactionJson(transaction, { prefix: served.node.params.addressPrefix });
    },
  }),
  method("decodescript", {
    about: "What a script given as hex means, and the scripts that can wrap it.",
    category: "Rawtransactions",
    parameters: { hexstring: text },
    answer: ({ hexstring }, { served }) => {
      const script = hexstring === "" ? new Uint8Array() : decodedHex(hexstring, "argument");
      return explained(script, served.node.params.addressPrefix);
    },
  }),
];

/** @see Bitcoin Core, decodescript */
function explained(script: Uint8Array, prefix: string): Writable {
  const kind = scriptKindOf(script);
  const facts = { ...scriptJson(script, prefix), hex: undefined }; // the caller has it
  if (!canBeWrapped(script, kind)) return facts;
  const p2sh = addressOf(scriptHashScript(script), prefix);
  const wrapped = witnessFor(script, kind);
  if (wrapped === undefined) return { ...facts, p2sh };
  const segwit = {
    ...scriptJson(wrapped, prefix),
    ...(kind.type === "multisig" && { desc: withChecksum(`wsh(${multisigText(kind)})`) }),
    "p2sh-segwit": addressOf(scriptHashScript(wrapped), prefix),
  };
  return { ...facts, p2sh, segwit };
}

const wrappable: readonly ScriptKind["type"][] = [
  ...(["multisig", "nonstandard", "pubkey", "pubkeyhash"] as const),
  ...(["witness_v0_keyhash", "witness_v0_scripthash"] as const),
];

/** Known to tapscript only. */
const checkSigAdd = 0xba;

function canBeWrapped(script: Uint8Array, { type }: ScriptKind): boolean {
  if (!wrappable.includes(type) || isInNoCoin(script)) return false;
  return operationsOf(script).every(({ code, isCut }) => !isCut && code < checkSigAdd);
}

/** The script of version 0 that stands for it; undefined where none may. */
function witnessFor(script: Uint8Array, kind: ScriptKind): Uint8Array | undefined {
  switch (kind.type) {
    case "pubkey":
      return isCompressed(kind.keys[0]) ? witnessScript(0, hash160(kind.keys[0])) : undefined;
    case "pubkeyhash":
      return witnessScript(0, kind.hash);
    case "multisig":
      return kind.keys.every(isCompressed) ? witnessScript(0, sha256(script)) : undefined;
    case "nonstandard":
      return witnessScript(0, sha256(script));
    case "anchor":
    case "nulldata":
    case "scripthash":
    case "witness_unknown":
    case "witness_v0_keyhash":
    case "witness_v0_scripthash":
    case "witness_v1_taproot":
      return undefined;
  }
}

function isCompressed(key: Uint8Array): boolean {
  return key.length === 33;
}

function multisigText({ required, keys }: ScriptKind & { readonly type: "multisig" }): string {
  return `multi(${[required, ...keys.map(bytesToHex)].join(",")})`;
}

function addressOf(script: Uint8Array, prefix: string): string | undefined {
  return addressOfKind(scriptKindOf(script), prefix);
}
