/** The values of `--values`. */

import { InvalidArgumentError } from "commander";
import type { Value } from "../../../src/protocols/process/key-value.ts";

/** As JSON in a list without brackets, such as `0,"",false`; what is no JSON is a text: `a,b`. */
export function parseValues(text: string): readonly Value[] {
  const values = jsonList(text) ?? text.split(",").map(valueOf);
  if (values.every(isValue)) return values;
  throw new InvalidArgumentError(
    'It must be a list of texts, numbers and truth values, such as 0,1,"",a',
  );
}

function jsonList(text: string): readonly unknown[] | undefined {
  try {
    return JSON.parse(`[${text}]`) as readonly unknown[];
  } catch {
    return undefined;
  }
}

function valueOf(text: string): unknown {
  return jsonList(text)?.[0] ?? text.trim();
}

function isValue(value: unknown): value is Value {
  return value !== null && typeof value !== "object" && value !== undefined;
}
