/** Methods about addresses. */

import { bytesToHex } from "../../../../primitives/bytes.ts";
import type { Writable } from "../call/json.ts";
import { type Method, method } from "../call/method.ts";
import { text } from "../call/parameters.ts";
import { readAddress } from "../shapes/address-text.ts";
import { addressOfKind, type ScriptKind, scriptKindOf } from "../shapes/script-kind.ts";

export const addressMethods: readonly Method[] = [
  method("validateaddress", {
    about: "Whether a text is an address of this network, and which script it stands for.",
    category: "Util",
    parameters: { address: text },
    answer: ({ address }, { served }) => judged(address, served.node.params.addressPrefix),
  }),
];

function judged(text: string, prefix: string): Writable {
  const read = readAddress(text, prefix);
  if (!read.ok) return { isvalid: false, error_locations: read.locations, error: read.error };
  const kind = scriptKindOf(read.script);
  return {
    isvalid: true,
    address: addressOfKind(kind, prefix),
    scriptPubKey: bytesToHex(read.script),
    ...kindJson(kind),
  };
}

/** @see Bitcoin Core, DescribeAddress */
function kindJson(kind: ScriptKind): Readonly<Record<string, Writable>> {
  if (kind.type === "anchor") return { isscript: true, iswitness: true };
  if (!("program" in kind)) {
    return { isscript: kind.type === "scripthash", iswitness: false };
  }
  const { type, version, program } = kind;
  const isScript = { isscript: type !== "witness_v0_keyhash" };
  return {
    ...(type !== "witness_unknown" && isScript),
    iswitness: true,
    witness_version: version,
    witness_program: bytesToHex(program),
  };
}
