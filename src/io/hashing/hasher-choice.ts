/**
 * Which hasher mines and checks: the fastest that this machine can run and that passes its test.
 */

import { messageOf } from "../../primitives/error-message.ts";
import {
  chooseHashing,
  type HasherName,
  hasherNames,
  type Hashing,
  javaScriptHashing,
  proveHashing,
} from "../../primitives/hashing.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { createJavaScriptHasher, type Hasher, proveHasher } from "./hasher.ts";
import { createWasmHasher } from "./wasm-hasher.ts";
import { createWasmHashing } from "./wasm-hashing.ts";

/** Names the hasher for all that leave the choice open: so the whole test suite can run with each. */
export const hasherVariable = "POWLAB_HASHER";

export type HasherCandidate<Name extends string = string> = {
  readonly name: Name;
  readonly create: () => Hasher;
  /** What the core hashes with, where that is wanted too. */
  readonly createHashing?: () => Hashing;
};

export type HasherChoice<Name extends string = string> = {
  readonly name: Name;
  /** A sentence for each hasher that came before it and cannot be used here. */
  readonly warnings: readonly string[];
};

export function createHasher(name: HasherName): Hasher {
  switch (name) {
    case "wasm-simd":
      return createWasmHasher("simd");
    case "wasm":
      return createWasmHasher("scalar");
    case "js":
      return createJavaScriptHasher();
    default:
      return unreachable(name);
  }
}

export function createHashing(name: HasherName): Hashing {
  switch (name) {
    case "wasm-simd":
      return createWasmHashing("simd");
    case "wasm":
      return createWasmHashing("scalar");
    case "js":
      return javaScriptHashing;
    default:
      return unreachable(name);
  }
}

/**
 * Chooses as `chooseHasher` does, and lets the whole program check blocks with it, too. Called
 * once, where a program is put together.
 */
export function adoptHasher(wanted?: HasherName): HasherChoice<HasherName> {
  const choice = chooseHasher(wanted);
  chooseHashing(createHashing(choice.name));
  return choice;
}

/**
 * Chooses `wanted`, or else what the environment names, or else the fastest; if that one cannot be
 * used here, the next one that can.
 *
 * @throws RangeError if the environment names no hasher.
 * @throws Error if no hasher computes right hashes.
 */
export function chooseHasher(wanted?: HasherName): HasherChoice<HasherName> {
  const first = wanted ?? hasherOfEnvironment() ?? hasherNames[0];
  const names = hasherNames.slice(hasherNames.indexOf(first));
  const candidates = names.map((name) => ({
    name,
    create: () => createHasher(name),
    createHashing: () => createHashing(name),
  }));
  return firstProven(candidates);
}

/** The first candidate that can be made and proves itself on known headers. */
export function firstProven<Name extends string>(
  candidates: readonly HasherCandidate<Name>[],
): HasherChoice<Name> {
  const warnings: string[] = [];
  for (const candidate of candidates) {
    const { name } = candidate;
    const fault = faultOf(candidate);
    if (fault === undefined) return { name, warnings };
    warnings.push(`the hasher "${name}" ${fault}; the next one takes its place`);
  }
  throw new Error(`no hasher can be used: ${warnings.join(". ")}`);
}

export function isHasherName(text: string): text is HasherName {
  return hasherNames.some((name) => name === text);
}

function hasherOfEnvironment(): HasherName | undefined {
  const name = process.env[hasherVariable];
  if (name === undefined || name === "") return undefined;
  if (isHasherName(name)) return name;
  const choices = hasherNames.join(", ");
  throw new RangeError(`${hasherVariable}: choose one of ${choices}, not ${JSON.stringify(name)}`);
}

function faultOf({ create, createHashing }: HasherCandidate): string | undefined {
  try {
    const isProven = proveHasher(create()) && (!createHashing || proveHashing(createHashing()));
    return isProven ? undefined : "computes wrong hashes";
  } catch (error) {
    return `cannot run here (${messageOf(error)})`;
  }
}
