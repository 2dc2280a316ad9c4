/** Measures two ways of doing the same, in turn, so that a drifting machine meets both alike. */

/** One line of a benchmark's result. */
export type Row = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, in the same run. */
  readonly versus: string;
  /** How many times better than that: above 1 is better, in whichever direction better lies. */
  readonly ratio: number;
};

/** Does a fixed amount of work and answers how many things it did. */
export type Load = () => number;

/** Things done per second of this process's processor time. */
export type Rates = { readonly subject: number; readonly peer: number };

const rounds = 5;

/** Runs both loads once to warm up, then in turn; the medians count. */
export function compare(subject: Load, peer: Load): Rates {
  subject();
  peer();
  const rates: { subject: number[]; peer: number[] } = { subject: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    rates.subject.push(rateOf(subject));
    rates.peer.push(rateOf(peer));
  }
  return { subject: median(rates.subject), peer: median(rates.peer) };
}

function rateOf(load: Load): number {
  const before = process.cpuUsage();
  const done = load();
  const { user, system } = process.cpuUsage(before);
  return (done / (user + system)) * 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new RangeError("the median of nothing");
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

/** A row for rates, where more is better. */
export function rowOfRates(name: string, unit: string, versus: string, rates: Rates): Row {
  return {
    name,
    value: round(rates.subject),
    unit,
    versus,
    ratio: round(rates.subject / rates.peer),
  };
}

/** Three significant digits, or whole numbers above 1,000. */
export function round(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
