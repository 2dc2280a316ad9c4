/** Measures several ways of doing the same, in turn, so that a drifting machine meets all alike. */

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

type Turns = {
  /** V8 replaces its first, slow code meanwhile. */
  readonly warmUp: number;
  readonly measured: number;
};

const usualTurns: Turns = { warmUp: 4, measured: 9 };

/** For loads of a few milliseconds, which are over before V8 has replaced anything. */
export const shortTurns: Turns = { warmUp: 50, measured: 51 };

/** How often each load runs: for those that need something fresh each time. */
export const runsOfLoad = usualTurns.warmUp + usualTurns.measured;

export function compare(subject: Load, peer: Load, turns = usualTurns): Rates {
  const [first = 0, second = 0] = ratesOf([subject, peer], turns);
  return { subject: first, peer: second };
}

/** The median rate of each load; they take turns. */
export function ratesOf(loads: readonly Load[], turns = usualTurns): number[] {
  const rates = loads.map((): number[] => []);
  for (let turn = -turns.warmUp; turn < turns.measured; turn++) {
    for (const [i, load] of loads.entries()) {
      const rate = rateOf(load);
      if (turn >= 0) rates[i]?.push(rate);
    }
  }
  return rates.map(median);
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

/** The value below which 99 of 100 are. */
export function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length * 0.99)];
  if (value === undefined) throw new RangeError("a percentile of nothing");
  return value;
}

/** A row for rates, where more is better. */
export function rowOfRates(name: string, unit: string, versus: string, rates: Rates): Row {
  const { subject, peer } = rates;
  return { name, value: round(subject), unit, versus, ratio: round(subject / peer) };
}

/** Three significant digits, or whole numbers above 1,000. */
export function round(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
