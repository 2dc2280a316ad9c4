/** Which hasher mines here: the fastest that this machine can run and that proves itself. */

import { unreachable } from "../primitives/verdict.ts";
import { type Hasher, createJavaScriptHasher, proveHasher } from "./hasher.ts";
import { createWasmHasher } from "./wasm-hasher.ts";

/** The fastest first. */
export const hasherNames = ["wasm-simd", "wasm", "js"] as const;

export type HasherName = (typeof hasherNames)[number];

/** Names the hasher for all that leave the choice open: so the whole test suite can run with each. */
export const hasherVariable = "POWLAB_HASHER";

export type HasherCandidate<Name extends string = string> = {
  readonly name: Name;
  readonly create: () => Hasher;
};

export type HasherChoice<Name extends string = string> = {
  readonly name: Name;
  /** A sentence for each hasher that came before it and stepped aside. */
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
  return firstProven(names.map((name) => ({ name, create: () => createHasher(name) })));
}

/** The first candidate that can be made and proves itself on known headers. */
export function firstProven<Name extends string>(
  candidates: readonly HasherCandidate<Name>[],
): HasherChoice<Name> {
  const warnings: string[] = [];
  for (const { name, create } of candidates) {
    const fault = faultOf(create);
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

function faultOf(create: () => Hasher): string | undefined {
  try {
    return proveHasher(create()) ? undefined : "computes wrong hashes";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `cannot run here (${reason})`;
  }
}
