/** Numbers as people type them for options and arguments: one parser, which says what is right. */

import { InvalidArgumentError } from "commander";

export type Bounds = {
  readonly min: number;
  readonly max: number;
  /** Why a number beyond the bounds is refused; added to the error. */
  readonly reason?: string;
};

export const portNumber = wholeNumber({ min: 0, max: 65_535 });

/**
 * Makes a parser for whole numbers, in decimal digits.
 *
 * @throws InvalidArgumentError from the parser, with the numbers that are right.
 */
export function wholeNumber(bounds: Bounds): (text: string) => number {
  return (text) => numberWithin(text, bounds, /^-?\d+$/, "a whole number");
}

/**
 * Makes a parser for decimal numbers, as in 0.3 or 12.
 *
 * @throws InvalidArgumentError from the parser, with the numbers that are right.
 */
export function decimalNumber(bounds: Bounds): (text: string) => number {
  return (text) => numberWithin(text, bounds, /^-?(\d+\.?\d*|\.\d+)$/, "a number");
}

/** A part of a whole: 0.3, or the same as "30%". */
export function share(bounds: Bounds = { min: 0, max: 1 }): (text: string) => number {
  return (text) => {
    const percent = /^(\d+\.?\d*|\.\d+)\s*%$/.exec(text)?.[1];
    const part = percent === undefined ? text : String(Number(percent) / 100);
    return numberWithin(part, bounds, /^(\d+\.?\d*|\.\d+)$/, "a part of 1, such as 0.3 or 30%,");
  };
}

/** A part of a whole with its owner's name, such as "mallory=0.6" or "mallory=60%". */
export function namedShare(text: string): { readonly name: string; readonly part: number } {
  const [, name, part] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (name !== undefined && part !== undefined) return { name, part: share()(part) };
  throw new InvalidArgumentError(
    "It must be a name and a part, such as mallory=0.6 or mallory=60%",
  );
}

/** Commander names the option and what was typed; the printer of the error adds the full stop. */
function numberWithin(text: string, bounds: Bounds, form: RegExp, kind: string): number {
  const { min, max, reason } = bounds;
  const number = Number(text);
  if (form.test(text) && number >= min && number <= max) return number;
  const why = reason === undefined ? "" : `: ${reason}`;
  throw new InvalidArgumentError(`It must be ${kind} from ${min} to ${max}${why}`);
}
