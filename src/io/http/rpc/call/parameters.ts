/** What a method can take, by kinds as Bitcoin Core names and reads them. */

import type { BlockHash, Satoshi, Txid } from "../../../../primitives/brand.ts";
import { parseHash } from "../../../../primitives/hash.ts";
import { isList, type Json, type JsonKind, JsonNumber, JsonObject, kindOf } from "./json.ts";
import { rpcCodes, RpcError } from "./rpc-error.ts";

export type Parameter<T = unknown> = {
  /** What is checked of all parameters before any is read; undefined if it may be of several. */
  readonly kind: JsonKind | undefined;
  readonly isOptional: boolean;
  /** How the usage line shows it; undefined for what follows from its name and kind. */
  readonly sketch?: string;
  /** A name from former times that still counts. */
  readonly formerName?: string;
  /**
   * @param value undefined if it was left out, or null.
   * @throws RpcError with Core's words.
   */
  readonly read: (value: Json | undefined, name: string) => T;
};

/** By their names, in their order. */
export type Parameters = Readonly<Record<string, Parameter>>;

export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never;
};

export const text: Parameter<string> = {
  kind: "string",
  isOptional: false,
  read: (value) => stringFrom(value),
};

/** A whole number of 32 bits. */
export const integer: Parameter<number> = {
  kind: "number",
  isOptional: false,
  read: (value) => integerFrom(value),
};

/** A whole number of 64 bits. @see RpcError: those that no double holds are refused, too. */
export const longInteger: Parameter<number> = {
  kind: "number",
  isOptional: false,
  read: (value) => integerFrom(value, Number.MAX_SAFE_INTEGER),
};

export const flag: Parameter<boolean> = {
  kind: "bool",
  isOptional: false,
  read: (value) => flagFrom(value),
};

export const blockHash: Parameter<BlockHash> = hashCalled<BlockHash>();
export const txid: Parameter<Txid> = hashCalled<Txid>();

/** @param noun what Core's sentence calls it, where that is not the parameter's name. */
export function hashCalled<H extends BlockHash | Txid>(noun?: string): Parameter<H> {
  const read = (value: Json | undefined, name: string): H => hashFrom<H>(value, noun ?? name);
  return { kind: "string", isOptional: false, read };
}

/** How much to tell: a number, or in former times true for 1 and false for 0. */
export function verbosity(initial: number, formerName?: string): Parameter<number> {
  const read = (value: Json | undefined): number => {
    if (value === undefined) return initial;
    return typeof value === "boolean" ? Number(value) : integerFrom(value);
  };
  return {
    kind: undefined,
    isOptional: true,
    read,
    ...(formerName !== undefined && { formerName }),
  };
}

/** Coins, as a number or a text. */
export const amount: Parameter<Satoshi> = {
  kind: undefined,
  isOptional: false,
  read: (value) => amountFrom(value),
};

/** Of any kind: the method reads it itself. */
export const anything: Parameter<Json | undefined> = {
  kind: undefined,
  isOptional: false,
  read: (value) => value,
};

export function list(sketch: string): Parameter<readonly Json[]> {
  return { kind: "array", isOptional: false, sketch, read: (value) => listFrom(value) };
}

export function object(sketch: string): Parameter<JsonObject> {
  return { kind: "object", isOptional: false, sketch, read: (value) => objectFrom(value) };
}

/** May be left out; `initial` stands for it then. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined>;
export function optional<T>(parameter: Parameter<T>, initial: T): Parameter<T>;
export function optional<T>(parameter: Parameter<T>, initial?: T): Parameter<T | undefined> {
  const read = (value: Json | undefined, name: string): T | undefined => {
    return value === undefined ? initial : parameter.read(value, name);
  };
  return { ...parameter, isOptional: true, read };
}

// --- Values inside of others -------------------------------------------------------------------

export function stringFrom(value: Json | undefined): string {
  return typeof value === "string" ? value : wrongKind(value, "string");
}

export function flagFrom(value: Json | undefined): boolean {
  return typeof value === "boolean" ? value : wrongKind(value, "bool");
}

export function listFrom(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : wrongKind(value, "array");
}

export function objectFrom(value: Json | undefined): JsonObject {
  return value instanceof JsonObject ? value : wrongKind(value, "object");
}

const integerMax = 2 ** 31 - 1;

export function integerFrom(value: Json | undefined, max = integerMax): number {
  if (!(value instanceof JsonNumber)) return wrongKind(value, "number");
  const number = Number(value.text);
  const isWhole = /^-?\d+$/.test(value.text);
  if (isWhole && number <= max && number >= -max - 1) return number;
  throw new RpcError(rpcCodes.misc, "JSON integer out of range");
}

/** Any number, also one with decimals. */
export function numberFrom(value: Json | undefined): number {
  return value instanceof JsonNumber ? Number(value.text) : wrongKind(value, "number");
}

/** @param name what Core calls it in its sentence. @see Bitcoin Core, ParseHashV */
export function hashFrom<H extends BlockHash | Txid>(value: Json | undefined, name: string): H {
  const digits = stringFrom(value);
  const hash = parseHash<H>(digits);
  if (hash.ok) return hash.value;
  const problem =
    digits.length === hashDigits
      ? `${name} must be hexadecimal string (not '${digits}')`
      : `${name} must be of length ${hashDigits} (not ${digits.length}, for '${digits}')`;
  throw new RpcError(rpcCodes.parameter, problem);
}

const hashDigits = 64;
const satoshisMax = 2_100_000_000_000_000;
/** More than Core reads; longer ones would take long. */
const wholeDigitsMax = 18;
const amountPattern = /^(-?)(0|[1-9]\d*)(?:\.(\d{1,8})0*)?(?:[eE]([+-]?\d+))?$/;

/** @see Bitcoin Core, AmountFromValue */
export function amountFrom(value: Json | undefined): Satoshi {
  const isAmount = typeof value === "string" || value instanceof JsonNumber;
  if (!isAmount) throw new RpcError(rpcCodes.type, "Amount is not a number or string");
  const satoshis = satoshisOf(typeof value === "string" ? value : value.text);
  if (satoshis === undefined) throw new RpcError(rpcCodes.type, "Invalid amount");
  if (satoshis < 0 || satoshis > satoshisMax) {
    throw new RpcError(rpcCodes.type, "Amount out of range");
  }
  return satoshis as Satoshi;
}

/** Undefined if it is no number, or finer than a satoshi. */
function satoshisOf(digits: string): number | undefined {
  const match = amountPattern.exec(digits);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const shift = 8 - fraction.length + Number(power);
  if (shift < -18 || shift > 18) return undefined;
  if (whole.length > wholeDigitsMax) return undefined;
  const significant = BigInt(whole + fraction);
  const scaled =
    shift < 0 ? significant / 10n ** BigInt(-shift) : significant * 10n ** BigInt(shift);
  const isExact = shift >= 0 || scaled * 10n ** BigInt(-shift) === significant;
  return isExact ? Number(sign === "" ? scaled : -scaled) : undefined;
}

function wrongKind(value: Json | undefined, expected: JsonKind): never {
  throw new RpcError(rpcCodes.type, kindProblem(value ?? null, expected));
}

/** Core's sentence for it. */
export function kindProblem(value: Json, expected: JsonKind): string {
  return `JSON value of type ${kindOf(value)} is not of expected type ${expected}`;
}
