/** The descriptor that Bitcoin Core infers for a script. */

import { isXOnlyPoint } from "tiny-secp256k1";
import { bytesToHex } from "../../../../primitives/bytes.ts";
import { withChecksum } from "../../../../primitives/descriptor-checksum.ts";
import { addressOfKind, type ScriptKind, scriptKindOf } from "./script-kind.ts";

/** @param prefix of the network's addresses. @see Bitcoin Core, InferDescriptor */
export function descriptorOf(script: Uint8Array, prefix: string): string {
  return withChecksum(inferred(script, scriptKindOf(script), prefix));
}

function inferred(script: Uint8Array, kind: ScriptKind, prefix: string): string {
  if (kind.type === "pubkey" && isPlain(kind.keys[0])) return `pk(${bytesToHex(kind.keys[0])})`;
  if (kind.type === "multisig" && kind.keys.every(isPlain)) {
    return `multi(${[kind.required, ...kind.keys.map(bytesToHex)].join(",")})`;
  }
  if (kind.type === "witness_v1_taproot" && isXOnlyPoint(kind.program)) {
    return `rawtr(${bytesToHex(kind.program)})`;
  }
  const address = addressOfKind(kind, prefix);
  return address === undefined ? `raw(${bytesToHex(script)})` : `addr(${address})`;
}

/** Keys in the hybrid form are in no descriptor. */
function isPlain([kind]: Uint8Array): boolean {
  return kind !== 6 && kind !== 7;
}
