/**
 * Numbers for values: a global state is a short list of the numbers of its parts, so that equal
 * parts are kept once, and what one part does in one event is computed once.
 */

/** Equal values, part by part, get the same number: 0, 1, 2 in the order in which they come. */
export class Numbering<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];

  get size(): number {
    return this.#values.length;
  }

  numberOf(value: T): number {
    const key = plainKey(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#values.length;
    this.#numbers.set(key, number);
    this.#values.push(value);
    return number;
  }

  /** @throws RangeError if no value has this number. */
  valueOf(number: number): T {
    if (number in this.#values) return this.#values[number] as T;
    throw new RangeError(`no value has the number ${number}`);
  }
}

/** More numbers than these on either side would not fit one key. */
const pairFactor = 2 ** 26;

/** Computes once for each pair of numbers. */
export class PairMemory<T> {
  readonly #known = new Map<number, T>();

  get(first: number, second: number, compute: () => T): T {
    const key = first * pairFactor + second;
    const known = this.#known.get(key);
    if (known !== undefined || this.#known.has(key)) return known as T;
    const computed = compute();
    this.#known.set(key, computed);
    return computed;
  }
}

/**
 * A text that is the same for equal plain data only, whatever the order in which fields, keys of
 * maps and members of sets were put in. A field that is undefined is the same as none.
 *
 * @throws TypeError for functions, symbols and instances of classes: they are no plain data.
 */
export function plainKey(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      return value === null ? "null" : keyOfObject(value);
    case "function":
    case "symbol":
      throw new TypeError(`a state is plain data and cannot hold a ${typeof value}`);
  }
}

function keyOfObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(plainKey).join()}]`;
  if (value instanceof Uint8Array) return `bytes(${value.join()})`;
  if (value instanceof Set) return `set(${[...value].map(plainKey).sort().join()})`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, held]) => `${plainKey(key)}:${plainKey(held)}`);
    return `map(${entries.sort().join()})`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a state is plain data and cannot hold a ${value.constructor.name}`);
  }
  const fields = Object.entries(value).filter(([, held]) => held !== undefined);
  const texts = fields.map(([name, held]) => `${JSON.stringify(name)}:${plainKey(held)}`);
  return `{${texts.sort().join()}}`;
}
