/** Values in Esplora's paths and bodies, read strictly, with its words where they are wrong. */

import { describeAddressProblem, scriptOfAddress } from "../../../primitives/address.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { parseHash } from "../../../primitives/hash.ts";
import { taprootKey } from "../../../primitives/script.ts";
import { hashForm } from "../hex-values.ts";
import { PlainError } from "./plain-text.ts";

/** @throws PlainError, as all here. */
export function hashFrom<Hash extends BlockHash | Txid>(text: string): Hash {
  const hash = parseHash<Hash>(text);
  if (!hash.ok) throw new PlainError(400, `Invalid hex string: ${hashForm}`);
  return hash.value;
}

const numberPattern = /^\d{1,10}$/;

export function numberFrom(text: string): number {
  if (!numberPattern.test(text)) throw new PlainError(400, `Invalid number: ${text}`);
  return Number(text);
}

/** The taproot key behind an address of the network with this prefix. */
export function keyFrom(address: string, prefix: string): Uint8Array {
  const script = scriptOfAddress(address, prefix);
  if (!script.ok) {
    const isForeign = script.problem.rule === "wrong-network";
    const title = isForeign ? "Address on invalid network" : "Invalid address";
    throw new PlainError(400, `${title}: ${describeAddressProblem(address, script.problem)}`);
  }
  const key = taprootKey(script.value);
  if (key === undefined) throw new Error("an address stands for a taproot script");
  return key;
}
