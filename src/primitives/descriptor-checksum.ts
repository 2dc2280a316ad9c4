/** The checksum of an output descriptor. @see BIP380 */

const inputSigns =
  "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
const checksumSigns = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/** Of 40 bits each, in two halves. */
const generator = [
  [0xf5dee, 0x51989],
  [0xa9fdc, 0xa3312],
  [0x1bab1, 0x0e32d],
  [0x3706b, 0x1677a],
  [0x644d6, 0x26ffd],
] as const;
const checksumLength = 8;

/** Eight characters; undefined if a character of the text can be in no descriptor. */
export function descriptorChecksum(text: string): string | undefined {
  let sum: Sum = { high: 0, low: 1 };
  let group = 0;
  let groupSize = 0;
  for (const sign of text) {
    const position = inputSigns.indexOf(sign);
    if (position < 0) return undefined;
    sum = step(sum, position & 31);
    group = group * 3 + (position >> 5);
    groupSize += 1;
    if (groupSize < 3) continue;
    sum = step(sum, group);
    [group, groupSize] = [0, 0];
  }
  if (groupSize > 0) sum = step(sum, group);
  for (let i = 0; i < checksumLength; i++) sum = step(sum, 0);
  const halves = [sum.high, sum.low ^ 1];
  return halves
    .flatMap((half) => [15, 10, 5, 0].map((bit) => checksumSigns[(half >> bit) & 31]))
    .join("");
}

/** 40 bits, in two halves: no number holds more than 32 in its operations on bits. */
type Sum = { readonly high: number; readonly low: number };

function step({ high, low }: Sum, value: number): Sum {
  const top = high >> 15;
  let nextHigh = ((high & 0x7fff) << 5) | (low >> 15);
  let nextLow = ((low & 0x7fff) << 5) ^ value;
  for (const [i, [generatorHigh, generatorLow]] of generator.entries()) {
    if (((top >> i) & 1) === 0) continue;
    nextHigh ^= generatorHigh;
    nextLow ^= generatorLow;
  }
  return { high: nextHigh, low: nextLow };
}

/** @throws RangeError if it has a character that no descriptor has. */
export function withChecksum(descriptor: string): string {
  const checksum = descriptorChecksum(descriptor);
  if (checksum !== undefined) return `${descriptor}#${checksum}`;
  const foreign = [...descriptor].find((sign) => !inputSigns.includes(sign));
  throw new RangeError(`no descriptor has the character ${foreign}`);
}
