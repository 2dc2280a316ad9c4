/**
 * JSON as Bitcoin Core reads and writes it: a number keeps its digits, since 25.00000000 and 25 are
 * two texts, and a member that stands twice in an object is seen twice.
 *
 * @see RFC 8259; Bitcoin Core, UniValue
 */

/** A number by its text. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object with its members in their order. */
export class JsonObject {
  readonly members: readonly (readonly [name: string, value: Json])[];

  constructor(members: readonly (readonly [name: string, value: Json])[]) {
    this.members = members;
  }

  /** The first of that name, as in Core; undefined if there is none. */
  get(name: string): Json | undefined {
    return this.members.find(([each]) => each === name)?.[1];
  }
}

/** A part of an answer that was written before, so that a large one can be written in slices. */
export class WrittenJson {
  readonly text: string;

  constructor(value: Writable) {
    this.text = writeJson(value);
  }
}

/** What was read. */
export type Json = null | boolean | string | JsonNumber | JsonObject | readonly Json[];

/** What can be written; a member that is undefined is left out. */
export type Writable =
  | Json
  | number
  | WrittenJson
  | readonly Writable[]
  | { readonly [name: string]: Writable | undefined };

export type JsonKind = "null" | "bool" | "string" | "number" | "array" | "object";

export function kindOf(value: Json): JsonKind {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (value instanceof JsonNumber) return "number";
  return value instanceof JsonObject ? "object" : "array";
}

/** Core refuses to read deeper. */
const depthMax = 512;

/** Undefined if it is no JSON, or more than one value. */
export function readJson(text: string): Json | undefined {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const spacePattern = /[ \t\r\n]*/y;
const words = { null: null, true: true, false: false } as const;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value(0);
    if (this.#at < this.#text.length) throw new SyntaxError("more than one value");
    return value;
  }

  /** A value with the space around it. */
  #value(depth: number): Json {
    if (depth > depthMax) throw new SyntaxError("too deep");
    this.#match(spacePattern);
    const value = this.#bare(depth);
    this.#match(spacePattern);
    return value;
  }

  #bare(depth: number): Json {
    switch (this.#text.charAt(this.#at)) {
      case '"':
        return this.#string();
      case "[":
        return this.#list("]", () => this.#value(depth + 1));
      case "{":
        return new JsonObject(this.#list("}", () => this.#member(depth + 1)));
      default:
        return this.#wordOrNumber();
    }
  }

  #member(depth: number): readonly [string, Json] {
    this.#match(spacePattern);
    if (this.#text[this.#at] !== '"') throw new SyntaxError("a member has no name");
    const name = this.#string();
    this.#match(spacePattern);
    if (!this.#take(":")) throw new SyntaxError("a member has no value");
    return [name, this.#value(depth)];
  }

  #list<Item>(end: string, item: () => Item): Item[] {
    const items: Item[] = [];
    this.#at += 1;
    this.#match(spacePattern);
    if (this.#take(end)) return items;
    do items.push(item());
    while (this.#take(","));
    if (!this.#take(end)) throw new SyntaxError("a list does not end");
    return items;
  }

  /** Finds its end; what is between the quotes is for the engine's own parser. */
  #string(): string {
    let end = this.#at;
    do end = this.#text.indexOf('"', end + 1);
    while (end >= 0 && this.#isEscaped(end));
    if (end < 0) throw new SyntaxError("a string does not end");
    const value = String(JSON.parse(this.#text.slice(this.#at, end + 1)));
    this.#at = end + 1;
    return value;
  }

  #isEscaped(at: number): boolean {
    let first = at;
    while (this.#text[first - 1] === "\\") first -= 1;
    return (at - first) % 2 === 1;
  }

  #wordOrNumber(): Json {
    for (const [word, value] of Object.entries(words)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const number = this.#match(numberPattern);
    if (number === "") throw new SyntaxError("no value");
    return new JsonNumber(number);
  }

  #take(sign: string): boolean {
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ""] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }
}

/** Without spaces, as Core does. */
export function writeJson(value: Writable): string {
  if (typeof value === "number") return doubleText(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (value instanceof JsonNumber || value instanceof WrittenJson) return value.text;
  if (isList(value)) return `[${value.map(writeJson).join(",")}]`;
  return `{${membersOf(value)
    .map(([name, each]) => `${JSON.stringify(name)}:${writeJson(each)}`)
    .join(",")}}`;
}

/** Over several lines, as Core's texts for people have it. */
export function writeJsonLines(value: Writable, indent = ""): string {
  if (
    typeof value !== "object" ||
    value === null ||
    value instanceof JsonNumber ||
    value instanceof WrittenJson
  ) {
    return writeJson(value);
  }
  const inner = `${indent}    `;
  const isArray = isList(value);
  const lines = isArray
    ? value.map((each) => `${inner}${writeJsonLines(each, inner)}`)
    : membersOf(value).map(([name, each]) => {
        return `${inner}${JSON.stringify(name)}: ${writeJsonLines(each, inner)}`;
      });
  const [open, close] = isArray ? ["[", "]"] : ["{", "}"];
  return lines.length === 0
    ? `${open}${close}`
    : `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

export function isList(value: Json | undefined): value is readonly Json[];
export function isList(value: Writable): value is readonly Writable[];
export function isList(value: unknown): boolean {
  return Array.isArray(value);
}

type Members = JsonObject | { readonly [name: string]: Writable | undefined };

function membersOf(value: Members): (readonly [string, Writable])[] {
  if (value instanceof JsonObject) return [...value.members];
  return Object.entries(value).flatMap(([name, each]) => {
    return each === undefined ? [] : [[name, each] as const];
  });
}

const digitsMax = 16;

/**
 * As C's `%.16g` prints it.
 *
 * @throws RangeError if it is no finite number: JSON has no text for those.
 */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`JSON has no number ${value}`);
  const [digits = "", power = ""] = value.toExponential(digitsMax - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digitsMax) {
    return withoutZeros(value.toFixed(digitsMax - 1 - exponent));
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${withoutZeros(digits)}e${exponent < 0 ? "-" : "+"}${size}`;
}

function withoutZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
