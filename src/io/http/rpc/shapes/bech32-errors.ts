/** Where a text that should be Bech32 or Bech32m is wrong: up to two characters are found. */

export type Located = { readonly error: string; readonly locations: readonly number[] };

const signs = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const lengthMax = 90;
const checksumLength = 6;
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const encodings = [
  { name: "Bech32", constant: 1 },
  { name: "Bech32m", constant: 0x2bc830a3 },
] as const;

/** @see Bitcoin Core, bech32::LocateErrors, whose words these are */
export function locateErrors(text: string): Located {
  if (text.length > lengthMax) {
    const locations = Array.from({ length: text.length - lengthMax }, (_, i) => lengthMax + i);
    return { error: "Bech32 string too long", locations };
  }
  const foreign = foreignCharacters(text);
  if (foreign.length > 0) {
    return { error: "Invalid character or mixed case", locations: foreign };
  }
  const separator = text.lastIndexOf("1");
  if (separator < 0) return { error: "Missing separator", locations: [] };
  if (separator === 0 || separator + checksumLength >= text.length) {
    return { error: "Invalid separator position", locations: [separator] };
  }
  const lower = text.toLowerCase();
  const values = [...lower.slice(separator + 1)].map((sign) => signs.indexOf(sign));
  const unknown = values.indexOf(-1);
  if (unknown >= 0) {
    return { error: "Invalid Base 32 character", locations: [separator + 1 + unknown] };
  }
  return locateChecksumErrors(lower.slice(0, separator), values);
}

/** Those that are not printable, and those of the case that came second. */
function foreignCharacters(text: string): number[] {
  const [first = ""] = /[a-z]/i.exec(text) ?? [];
  const wrong = /[a-z]/.test(first) ? /[^!-@[-~]/ : /[^!-`{-~]/;
  return [...text].flatMap((sign, i) => (wrong.test(sign) ? [i] : []));
}

function locateChecksumErrors(prefix: string, values: readonly number[]): Located {
  let best: { readonly name: string; readonly positions: readonly number[] } | undefined;
  for (const { name, constant } of encodings) {
    const positions = positionsOf(checksum([...expanded(prefix), ...values]) ^ constant, values);
    if (positions === undefined) continue;
    if (best === undefined || positions.length < best.positions.length) best = { name, positions };
  }
  if (best === undefined) return { error: "Invalid checksum", locations: [] };
  const locations = best.positions.map((position) => prefix.length + 1 + position);
  return { error: `Invalid ${best.name} checksum`, locations };
}

/**
 * The one or two values whose change explains what is left over by the checksum; undefined if no
 * such change does. The checksum is linear: what a change adds does not depend on the other values.
 */
function positionsOf(residue: number, values: readonly number[]): readonly number[] | undefined {
  const places = new Map<number, number>();
  for (const position of values.keys()) {
    for (let change = 1; change < signs.length; change++) {
      places.set(effectOf(change, values.length - 1 - position), position);
    }
  }
  const single = places.get(residue);
  if (single !== undefined) return [single];
  for (const [effect, position] of places) {
    const other = places.get(residue ^ effect);
    if (other !== undefined && other !== position) return [position, other].sort((a, b) => a - b);
  }
  return undefined;
}

function effectOf(change: number, stepsAfter: number): number {
  let sum = change;
  for (let i = 0; i < stepsAfter; i++) sum = step(sum, 0);
  return sum;
}

function checksum(values: readonly number[]): number {
  return values.reduce(step, 1);
}

function step(sum: number, value: number): number {
  const top = sum >>> 25;
  let next = ((sum & 0x1ffffff) << 5) ^ value;
  for (const [i, each] of generator.entries()) if ((top >>> i) & 1) next ^= each;
  return next;
}

function expanded(prefix: string): number[] {
  const codes = Array.from(prefix, (sign) => sign.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}
