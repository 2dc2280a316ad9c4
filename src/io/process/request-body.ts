/** What a request to a process may hold: a key, a value, a change, the client's own id. */

import type { Request } from "express";
import { z } from "zod";
import type { Value } from "../../protocols/process/key-value.ts";
import { ProblemError } from "../http/problem.ts";
import type { Given } from "./request-desk.ts";

export const valueBytesMax = 64 * 1024;
const keyLengthMax = 256;
const clientLengthMax = 100;

const form =
  "a text, a number, true or false: as JSON with the header Content-Type: application/json, else " +
  "the body is a text as it is";

/** What is stored; null stands for nothing there, and nothing can be written nowhere. */
const storedValue = z.union([z.string(), z.number(), z.boolean()]);
const change = z.strictObject({ from: storedValue.nullable(), to: storedValue });
const digitsOfSignature = /^[0-9a-f]{128}$/;
const givenQuery = z.strictObject({
  client: z.string().min(1).max(clientLengthMax),
  number: z.coerce.number().pipe(z.int().min(1)),
  signature: z.string().regex(digitsOfSignature).exactOptional(),
});

/** @throws ProblemError if it is too long. */
export function readKey(given: unknown): string {
  if (typeof given === "string" && given.length <= keyLengthMax) return given;
  throw new ProblemError(400, "request-invalid", `A key has 1 to ${keyLengthMax} characters.`);
}

/** @throws ProblemError if the body is no value. */
export function readValue(request: Request): Value {
  const { body } = request as { readonly body: unknown };
  const given = typeof body === "string" ? body : "";
  if (request.is("json") === false) return given;
  const value = storedValue.safeParse(parseJson(given));
  if (value.success) return value.data;
  throw new ProblemError(400, "body-invalid", `The body must be the value: ${form}.`);
}

/** Of a compare-and-set. @throws ProblemError if the body is none. */
export function readChange(body: unknown): { readonly from: Value; readonly to: Value } {
  const value = change.safeParse(parseJson(typeof body === "string" ? body : ""));
  if (value.success) return value.data;
  const detail =
    'The body must be such as {"from": 1, "to": 2}: values that are texts, numbers, true or ' +
    "false; from may be null, for a key that is absent.";
  throw new ProblemError(400, "body-invalid", detail);
}

/** Undefined if the client brings nothing. @throws ProblemError if it is malformed. */
export function readGiven(query: object): Given | undefined {
  if (Object.keys(query).length === 0) return undefined;
  const given = givenQuery.safeParse(query);
  if (given.success) {
    const { signature, ...id } = given.data;
    return { id, ...(signature !== undefined && { signature }) };
  }
  const detail =
    "The query may be ?client=NAME&number=N: a name, and a count from 1; with &signature=HEX, 128 " +
    "hex digits, where clients sign.";
  throw new ProblemError(400, "request-invalid", detail);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
