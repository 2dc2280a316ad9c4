/** Who is to be paid, as an address or a descriptor. */

import { describeAddressProblem, scriptOfAddress } from "../../../../primitives/address.ts";
import { hexToBytes } from "../../../../primitives/bytes.ts";
import { descriptorChecksum } from "../../../../primitives/descriptor-checksum.ts";
import { isDataScript, payToTaproot, taprootKey } from "../../../../primitives/script.ts";
import { rpcCodes, RpcError } from "../call/rpc-error.ts";

/**
 * The script of an address of the network with this prefix.
 *
 * @throws RpcError with Core's words, and ours where Core would pay this kind of address.
 */
export function scriptFromAddress(address: string, prefix: string): Uint8Array {
  const script = scriptOfAddress(address, prefix);
  if (script.ok) return script.value;
  const isOther = script.problem.rule === "not-taproot" || script.problem.rule === "legacy";
  const why = isOther ? `: ${describeAddressProblem(address, script.problem)}` : "";
  throw wrong(`Error: Invalid address${why}`);
}

const descriptorPattern = /^(\w+)\(([^()]*)\)(?:#(.*))?$/s;

/**
 * Reads `addr(ADDRESS)`, `raw(HEX)` and `rawtr(KEY)`, with a checksum or without.
 *
 * @throws RpcError
 */
export function scriptFromDescriptor(descriptor: string, prefix: string): Uint8Array {
  const [, name = "", content = "", checksum] = descriptorPattern.exec(descriptor) ?? [];
  const script = scriptOf(name, content, prefix);
  if (script === undefined) {
    throw wrong(
      `'${descriptor}' is not a valid descriptor here: write addr(ADDRESS), raw(HEX) or rawtr(KEY)`,
    );
  }
  const expected = descriptorChecksum(descriptor.split("#")[0] ?? "") ?? "";
  if (checksum !== undefined && checksum !== expected) {
    throw wrong(`Provided checksum '${checksum}' does not match computed checksum '${expected}'`);
  }
  if (taprootKey(script) === undefined && !isDataScript(script)) {
    throw wrong(`'${descriptor}' pays a script that is neither taproot nor data`);
  }
  return script;
}

function scriptOf(name: string, content: string, prefix: string): Uint8Array | undefined {
  if (name === "addr") return scriptFromAddress(content, prefix);
  const bytes = hexToBytes(content);
  if (!bytes.ok) return undefined;
  if (name === "raw") return bytes.value;
  return name === "rawtr" && bytes.value.length === 32 ? payToTaproot(bytes.value) : undefined;
}

function wrong(message: string): RpcError {
  return new RpcError(rpcCodes.addressOrKey, message);
}
