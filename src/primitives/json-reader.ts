/**
 * Reads JSON from outside: each mistake is reported with its place, such as
 * `links[3][2].loss`.
 */

import { broken, valid, type Verdict } from "./verdict.ts";

/** Caught in this file: a reader never lets it out. */
class WrongInputError extends Error {}

export type Bounds = { readonly min?: number; readonly max?: number };

/** One value of a file, and where it stands. */
export class JsonReader {
  readonly #value: unknown;
  readonly #place: string;

  private constructor(value: unknown, place: string) {
    this.#value = value;
    this.#place = place;
  }

  /** Reads a whole file; the problem is a sentence without a full stop, which begins with the place. */
  static read<T>(text: string, read: (reader: JsonReader) => T): Verdict<T, string> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return broken(`it is not JSON: ${error.message.replaceAll("\n", " ")}`);
    }
    return JsonReader.readParsed(value, "", read);
  }

  /** The same for a part that was parsed with the rest. @param place what problems call it. */
  static readParsed<T>(
    value: unknown,
    place: string,
    read: (reader: JsonReader) => T,
  ): Verdict<T, string> {
    try {
      return valid(read(new JsonReader(value, place)));
    } catch (error) {
      if (!(error instanceof WrongInputError)) throw error;
      return broken(error.message);
    }
  }

  /** Ends the reading. */
  refuse(mistake: string): never {
    throw new WrongInputError(`${this.#place === "" ? "the file" : this.#place}: ${mistake}`);
  }

  /** As the reader of a file sees it; long values are cut. */
  get shown(): string {
    const text = JSON.stringify(this.#value);
    return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}…`;
  }

  /** As it was parsed: for data of any kind. */
  get value(): unknown {
    return this.#value;
  }

  get isString(): boolean {
    return typeof this.#value === "string";
  }

  get isNumber(): boolean {
    return typeof this.#value === "number";
  }

  get isList(): boolean {
    return Array.isArray(this.#value);
  }

  number({ min = -Infinity, max = Infinity }: Bounds = {}): number {
    const value = this.#value;
    if (typeof value === "number" && value >= min && value <= max) return value;
    return this.refuse(`must be ${describeBounds("a number", min, max)}, got ${this.shown}`);
  }

  wholeNumber({ min = -Infinity, max = Infinity }: Bounds = {}): number {
    const value = this.#value;
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
      return value as number;
    }
    return this.refuse(`must be ${describeBounds("a whole number", min, max)}, got ${this.shown}`);
  }

  text(): string {
    if (typeof this.#value === "string") return this.#value;
    return this.refuse(`must be a text, got ${this.shown}`);
  }

  truth(): boolean {
    if (typeof this.#value === "boolean") return this.#value;
    return this.refuse(`must be true or false, got ${this.shown}`);
  }

  /** A text, a number, true, false or null. */
  scalar(): string | number | boolean | null {
    const value = this.#value;
    if (value === null || typeof value === "number") return value;
    if (typeof value === "string" || typeof value === "boolean") return value;
    return this.refuse(`must be a text, a number, true, false or null, got ${this.shown}`);
  }

  /** One of these words. */
  word<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.#value);
    return found ?? this.refuse(`must be one of ${words.join(", ")}, got ${this.shown}`);
  }

  list(): readonly JsonReader[] {
    if (!Array.isArray(this.#value)) return this.refuse(`must be a list, got ${this.shown}`);
    return this.#value.map((item: unknown, at) => new JsonReader(item, `${this.#place}[${at}]`));
  }

  /** Refuses unknown keys: they are misspelt, most of the time. */
  object(keys: readonly string[]): Fields {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.refuse(`must be an object with ${keys.join(", ")}, got ${this.shown}`);
    }
    const fields = new Fields(this, value, (item, key) => {
      return new JsonReader(item, this.#place === "" ? key : `${this.#place}.${key}`);
    });
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown === undefined) return fields;
    return this.refuse(`has no key "${unknown}"; the keys are ${keys.join(", ")}`);
  }

  /** An object whose keys are data: each value as `read` makes it. */
  map<T>(read: (item: JsonReader) => T): Readonly<Record<string, T>> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.refuse(`must be an object, got ${this.shown}`);
    }
    const items = Object.entries(value).map(([key, item]) => {
      const place = this.#place === "" ? key : `${this.#place}.${key}`;
      return [key, read(new JsonReader(item, place))] as const;
    });
    return Object.fromEntries(items);
  }

  /** The value of a key, before it is known which other keys there may be. */
  peek(key: string): JsonReader {
    return this.seek(key) ?? this.refuse(`must be an object with "${key}", got ${this.shown}`);
  }

  /** The same for a key that may be absent. */
  seek(key: string): JsonReader | undefined {
    const fields = Object(this.#value) as Record<string, unknown>;
    if (!Object.hasOwn(fields, key)) return undefined;
    return new JsonReader(fields[key], this.#place === "" ? key : `${this.#place}.${key}`);
  }
}

const shownLengthMax = 60;

/** The keys of an object. */
export class Fields {
  readonly #owner: JsonReader;
  readonly #fields: object;
  readonly #read: (item: unknown, key: string) => JsonReader;

  constructor(owner: JsonReader, fields: object, read: (item: unknown, key: string) => JsonReader) {
    this.#owner = owner;
    this.#fields = fields;
    this.#read = read;
  }

  get(key: string): JsonReader {
    return this.find(key) ?? this.#owner.refuse(`needs "${key}"`);
  }

  find(key: string): JsonReader | undefined {
    if (!Object.hasOwn(this.#fields, key)) return undefined;
    return this.#read((this.#fields as Record<string, unknown>)[key], key);
  }
}

function describeBounds(what: string, min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return what;
  const kind = what === "a number" ? "" : `${what} `;
  if (max === Infinity) return `${what} of at least ${min}`;
  return `${kind}from ${min} to ${max}`;
}
