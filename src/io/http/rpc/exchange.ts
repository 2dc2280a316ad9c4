/**
 * From a request's text to the text of its answer: single requests and batches of JSON-RPC 1.0, 1.1
 * and 2.0, with the same errors and HTTP statuses as Bitcoin Core 28.
 *
 * @see https://www.jsonrpc.org/specification; Bitcoin Core, doc/JSON-RPC-interface.md
 */

import { messageOf } from "../../../primitives/error-message.ts";
import { TimeSlices } from "../../platform/time-slices.ts";
import { isList, type Json, JsonObject, readJson, type Writable, writeJson } from "./call/json.ts";
import { type Methods, positionsOf } from "./call/method.ts";
import { rpcCodes, RpcError } from "./call/rpc-error.ts";
import type { RpcNode } from "./call/rpc-node.ts";
import { unknownMethod } from "./unknown-method.ts";

/** What is sent back; without a text there is nothing to say. */
export type Reply = { readonly status: number; readonly text?: string };

export type Callee = {
  readonly methods: Methods;
  readonly node: RpcNode;
  /** Aborted when the caller has gone. */
  readonly gone: AbortSignal;
};

/** A batch may hold so many calls. */
export const batchMax = 1_000;

export async function exchange(text: string, callee: Callee): Promise<Reply> {
  const body = readJson(text);
  if (body === undefined) return failed(rpcCodes.parse, "Parse error");
  if (body instanceof JsonObject) return answerSingle(body, callee);
  if (isList(body)) return answerBatch(body, callee);
  return failed(rpcCodes.parse, "Top-level object parse error");
}

function failed(code: number, message: string): Reply {
  const request = { id: null, isSecond: false };
  return { status: statusOf(code), text: line(errorJson(request, new RpcError(code, message))) };
}

/** A request of version 2.0 is answered with 200 whatever comes of it; one before it by its error. */
async function answerSingle(body: JsonObject, callee: Callee): Promise<Reply> {
  const request = readEnvelope(body);
  const outcome = await outcomeOf(body, callee);
  if (isNotification(request)) return { status: 204 };
  const isFailed = outcome instanceof RpcError;
  const hasStatus = isFailed && (!request.isSecond || outcome.code === rpcCodes.invalidRequest);
  const json = isFailed ? errorJson(request, outcome) : resultJson(request, outcome.result);
  return { status: hasStatus ? statusOf(outcome.code) : 200, text: line(json) };
}

/**
 * One after the other, as in Core, so that what a call changes is there for the next; in slices,
 * since a thousand calls may take seconds.
 */
async function answerBatch(items: readonly Json[], callee: Callee): Promise<Reply> {
  if (items.length > batchMax) {
    return failed(
      rpcCodes.invalidRequest,
      `A batch may hold ${batchMax} calls, this has ${items.length}`,
    );
  }
  const answers: string[] = [];
  const slices = new TimeSlices();
  for (const item of items) {
    await slices.turn();
    const isObject = item instanceof JsonObject;
    const request = isObject ? readEnvelope(item) : { id: null, isSecond: false };
    const outcome = isObject
      ? await outcomeOf(item, callee)
      : new RpcError(rpcCodes.invalidRequest, "Invalid Request object");
    if (isNotification(request)) continue;
    const isFailed = outcome instanceof RpcError;
    const json = isFailed ? errorJson(request, outcome) : resultJson(request, outcome.result);
    answers.push(writeJson(json));
  }
  if (answers.length === 0 && items.length > 0) return { status: 204 };
  return { status: 200, text: `[${answers.join(",")}]\n` };
}

// --- A request ---------------------------------------------------------------------------------

type Envelope = {
  /** Undefined if it has none. */
  readonly id: Json | undefined;
  /** Whether it is of JSON-RPC 2.0. */
  readonly isSecond: boolean;
};

function readEnvelope(request: JsonObject): Envelope {
  return { id: request.get("id"), isSecond: request.get("jsonrpc") === "2.0" };
}

function isNotification({ id, isSecond }: Envelope): boolean {
  return id === undefined && isSecond;
}

type Outcome = { readonly result: Writable } | RpcError;

async function outcomeOf(request: JsonObject, callee: Callee): Promise<Outcome> {
  try {
    return { result: await call(request, callee) };
  } catch (error) {
    if (error instanceof RpcError) return error;
    callee.node.reportFailure(error);
    return new RpcError(rpcCodes.internal, `powlab failed: ${messageOf(error)}`);
  }
}

async function call(request: JsonObject, { methods, node, gone }: Callee): Promise<Writable> {
  checkVersion(request.get("jsonrpc") ?? null);
  const name = request.get("method") ?? null;
  if (name === null) throw invalid("Missing method");
  if (typeof name !== "string") throw invalid("Method must be a string");
  const given = request.get("params") ?? [];
  if (!(given instanceof JsonObject) && !isList(given)) {
    throw invalid("Params must be an array or object");
  }
  const method = methods.get(name);
  if (method === undefined) throw unknownMethod(name);
  const done = node.begin(name);
  try {
    const placed = given instanceof JsonObject ? positionsOf(method.parameters, given) : given;
    return await method.call(placed, node, gone);
  } finally {
    done();
  }
}

function checkVersion(version: Json): void {
  if (version === null || version === "1.0" || version === "2.0") return;
  const isText = typeof version === "string";
  throw invalid(isText ? "JSON-RPC version not supported" : "jsonrpc field must be a string");
}

function invalid(message: string): RpcError {
  return new RpcError(rpcCodes.invalidRequest, message);
}

// --- An answer ---------------------------------------------------------------------------------

function resultJson({ id, isSecond }: Envelope, result: Writable): Writable {
  return isSecond ? { jsonrpc: "2.0", result, id } : { result, error: null, id };
}

function errorJson({ id, isSecond }: Envelope, { code, message }: RpcError): Writable {
  const error = { code, message };
  return isSecond ? { jsonrpc: "2.0", error, id } : { result: null, error, id };
}

function line(json: Writable): string {
  return `${writeJson(json)}\n`;
}

/** @see Bitcoin Core, JSONErrorReply */
function statusOf(code: number): number {
  if (code === rpcCodes.invalidRequest) return 400;
  return code === rpcCodes.methodUnknown ? 404 : 500;
}
