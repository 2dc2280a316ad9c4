/** Values in Esplora's paths, read as leniently as electrs reads them, with its words where they are wrong. */

import {
  type AddressProblem,
  describeAddressProblem,
  scriptOfAddress,
} from "../../../primitives/address.ts";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { parseHash } from "../../../primitives/hash.ts";
import { taprootKey } from "../../../primitives/script.ts";
import { noKey } from "../../queries/key-history.ts";
import { hashForm } from "../hex-values.ts";
import { PlainError } from "./plain-text.ts";

/** @throws PlainError, as all here that do not answer undefined. */
export function hashFrom<Hash extends BlockHash | Txid>(text: string): Hash {
  const hash = hashIn<Hash>(text);
  if (hash === undefined) throw new PlainError(400, "Invalid hex string", `${hashForm}.`);
  return hash;
}

/** Undefined if the text is no hash, where one may be left out. */
export function hashIn<Hash extends BlockHash | Txid>(text: string): Hash | undefined {
  const hash = parseHash<Hash>(text);
  return hash.ok ? hash.value : undefined;
}

/** As Rust reads numbers without a sign: a plus may come first. */
const numberPattern = /^\+?\d+$/;
/** Indexes of outputs and transactions have four bytes. */
const indexMax = 0xffff_ffff;

/** Undefined if the text is no number, where one may be left out. */
export function numberIn(text: string, max = Infinity): number | undefined {
  if (!numberPattern.test(text)) return undefined;
  const number = Number(text);
  return number <= max ? number : undefined;
}

/** Undefined if the text is no index, where one may be left out. */
export function indexIn(text: string): number | undefined {
  return numberIn(text, indexMax);
}

export function numberFrom(text: string, max = Infinity): number {
  const number = numberIn(text, max);
  if (number !== undefined) return number;
  const bound = max === Infinity ? "" : ` up to ${max}`;
  const reason = `${JSON.stringify(text)} is no whole number${bound}.`;
  throw new PlainError(400, "Invalid number", reason);
}

export function indexFrom(text: string): number {
  return numberFrom(text, indexMax);
}

const scriptHashPattern = /^[0-9a-f]{64}$/i;

/** In lower case. */
export function scriptHashFrom(text: string): string {
  if (scriptHashPattern.test(text)) return text.toLowerCase();
  throw new PlainError(
    400,
    "Invalid scripthash",
    "It is the SHA-256 of a script in 64 hex digits.",
  );
}

/**
 * The taproot key behind an address of the network with this prefix; `noKey` if it stands for
 * another kind of script, which nothing here pays to.
 */
export function keyFrom(address: string, prefix: string): Uint8Array {
  const script = scriptOfAddress(address, prefix);
  if (!script.ok) return keyInPlaceOf(script.problem, address);
  const key = taprootKey(script.value);
  if (key === undefined) throw new Error("an address stands for a taproot script");
  return key;
}

function keyInPlaceOf(problem: AddressProblem, address: string): Uint8Array {
  const isLegacy = problem.rule === "legacy";
  if (problem.rule === "not-taproot" || (isLegacy && problem.network === "test")) return noKey;
  const isForeign = isLegacy || problem.rule === "wrong-network";
  const title = isForeign ? "Address on invalid network" : "Invalid address";
  throw new PlainError(400, title, describeAddressProblem(address, problem));
}
