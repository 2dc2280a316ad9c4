/** Numbers as people type them for options and arguments: one parser, which says what is right. */

import { InvalidArgumentError } from "commander";

export type Bounds = {
  readonly min: number;
  readonly max: number;
  /** Why a number beyond the bounds is refused; added to the error. */
  readonly reason?: string;
};

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
    const isPercent = /^[\d.]+\s*%$/.test(text);
    const part = isPercent ? String(Number(text.replace("%", "")) / 100) : text;
    return numberWithin(part, bounds, /^(\d+\.?\d*|\.\d+)$/, "a part of 1, such as 0.3 or 30%,");
  };
}

/** Commander names the option and what was typed, and ends the sentence. */
function numberWithin(text: string, bounds: Bounds, form: RegExp, kind: string): number {
  const { min, max, reason } = bounds;
  const number = Number(text);
  if (form.test(text) && number >= min && number <= max) return number;
  const why = reason === undefined ? "" : `: ${reason}`;
  throw new InvalidArgumentError(`It must be ${kind} from ${min} to ${max}${why}`);
}
