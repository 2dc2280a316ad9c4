/** The keys of a replicated store over HTTP. */

import express, { type Request, type Response, Router } from "express";
import { decisionKey, type KeyJson, processRoutes as routes } from "../../contract/process-api.ts";
import { unreachable } from "../../primitives/verdict.ts";
import { tag } from "../../protocols/process/key-signatures.ts";
import type { Answer, Command, Value } from "../../protocols/process/key-value.ts";
import { requestText } from "../../protocols/process/signatures.ts";
import { ProblemError } from "../http/problem.ts";
import { readChange, readGiven, readKey, readValue, valueBytesMax } from "./request-body.ts";
import type { Given, Outcome, RequestDesk } from "./request-desk.ts";

export type KeyValueRoutesOptions = {
  readonly desk: Pick<RequestDesk, "ask">;
  /** Where another process answers over HTTP, without a slash at the end. */
  readonly urlOf: (name: string) => string | undefined;
  /** Where clients sign: whether this is what the client of this id has signed. */
  readonly isSigned?: (given: Required<Given>, command: Command) => boolean;
};

/** A request that has been read: what to ask, and under which key. */
type Asked = { readonly key: string; readonly command: Command };

const text = express.text({ type: () => true, limit: valueBytesMax });

/** For protocols that replicate a key-value store. */
export function keyValueRoutes({ desk, urlOf, isSigned }: KeyValueRoutesOptions): Router {
  const router = Router();
  const ask = (read: (request: Request) => Asked) => {
    return async (request: Request, response: Response): Promise<void> => {
      const { key, command } = read(request);
      const given = readGiven(request.query);
      if (isSigned) requireSignature(given, command, isSigned);
      const outcome = await desk.ask(command, given);
      const answer = finalAnswer(outcome, request, response, urlOf);
      if (answer?.type !== "compared" || answer.isSet) {
        if (answer) response.json(keyJson(key, command, answer));
        return;
      }
      // Where clients sign, the process cannot ask for them.
      throw differs(key, isSigned ? undefined : await desk.ask({ type: "read", key }));
    };
  };
  const get = ({ params }: Request): Asked => {
    const key = readKey(params["key"]);
    return { key, command: { type: "read", key } };
  };
  const put = (request: Request): Asked => {
    const key = readKey(request.params["key"]);
    return { key, command: { type: "write", key, value: readValue(request) } };
  };
  const compareAndSet = (request: Request): Asked => {
    const key = readKey(request.params["key"]);
    return { key, command: { type: "compare-and-set", key, ...readChange(request.body) } };
  };
  router.get(routes.value, ask(get));
  router.put(routes.value, text, ask(put));
  router.post(routes.compareAndSet, text, ask(compareAndSet));
  return router;
}

export type DecisionRoutesOptions = KeyValueRoutesOptions & {
  /** The value that this process knows to be decided; undefined while it knows none. */
  readonly decided: () => Value | undefined;
};

/** For protocols that decide one value, once: there is one key. */
export function decisionRoutes({ desk, urlOf, decided }: DecisionRoutesOptions): Router {
  const router = Router();
  router.get(routes.value, ({ params }, response) => {
    requireDecisionKey(params["key"]);
    const value = decided();
    if (value === undefined) throw absent(decisionKey, "this process knows no decision yet");
    response.json({ key: decisionKey, value } satisfies KeyJson);
  });
  router.put(routes.value, text, async (request, response: Response) => {
    requireDecisionKey(request.params["key"]);
    const value = readValue(request);
    const outcome = await desk.ask({ type: "propose", value }, readGiven(request.query));
    const answer = finalAnswer(outcome, request, response, urlOf);
    if (answer?.type !== "decided") return;
    if (answer.value !== value) throw decidedOtherwise(answer.value);
    response.json({ key: decisionKey, value } satisfies KeyJson);
  });
  return router;
}

/** @throws ProblemError that says how to sign. */
function requireSignature(
  given: Given | undefined,
  command: Command,
  isSigned: NonNullable<KeyValueRoutesOptions["isSigned"]>,
): void {
  const { id, signature } = given ?? {};
  if (id !== undefined && signature !== undefined && isSigned({ id, signature }, command)) return;
  const text = requestText(id ?? { client: "CLIENT", number: 1 }, command);
  const detail =
    "Clients of this protocol sign: with ?client=CLIENT&number=N&signature=HEX, where CLIENT is a " +
    `BIP340 public key, and the signature is under the hash with the tag ${tag} of ${text}.`;
  throw new ProblemError(401, "signature-missing", detail);
}

/**
 * The answer that ends a request; undefined if the client was sent to another process.
 *
 * @throws ProblemError if there is none.
 */
function finalAnswer(
  outcome: Outcome,
  request: Request,
  response: Response,
  urlOf: KeyValueRoutesOptions["urlOf"],
): Answer | undefined {
  if (outcome.type !== "answered") throw withoutAnswer(outcome);
  const { id, answer } = outcome;
  if (answer.type === "aborted") {
    const detail = `Nothing was done: ${answer.reason}. You may ask again.`;
    throw new ProblemError(409, "not-done", detail);
  }
  if (answer.type !== "redirected") return answer;
  const url = urlOf(answer.leader ?? "");
  if (url === undefined) throw new Error(`there is no process ${answer.leader}`);
  // With the id, so that the request is carried out once even if a part of it was done here.
  const query = new URLSearchParams({ client: id.client, number: String(id.number) });
  response.redirect(307, `${url}${request.path}?${query.toString()}`);
  return undefined;
}

function keyJson(key: string, command: Command, answer: Answer): KeyJson {
  switch (command.type) {
    case "read":
      if (answer.type !== "read") throw new Error(`a read was answered with ${answer.type}`);
      if (answer.value === null) throw absent(key, "nothing was written there");
      return { key, value: answer.value };
    case "write":
      return { key, value: command.value };
    case "compare-and-set":
      return { key, value: command.to };
    case "propose":
      throw new Error("a key-value store decides no single value");
    default:
      return unreachable(command);
  }
}

function withoutAnswer(outcome: Exclude<Outcome, { readonly type: "answered" }>): ProblemError {
  if (outcome.type === "refused") {
    return new ProblemError(503, "no-answer", "This process is too busy: nothing was done.");
  }
  const { id, waitedMs } = outcome;
  const same = `client=${id.client}&number=${id.number}`;
  const detail =
    `No answer within ${waitedMs} ms: too few processes may be reachable, and it may still be ` +
    `carried out. Ask again with ?${same}, here or elsewhere: that does it once.`;
  return new ProblemError(503, "no-answer", detail);
}

function absent(key: string, reason: string): ProblemError {
  return new ProblemError(404, "key-absent", `There is no ${key}: ${reason}.`);
}

/** What is found was read behind the comparison, and may be newer than what that has met. */
function differs(key: string, outcome: Outcome | undefined): ProblemError {
  const answer = outcome?.type === "answered" ? outcome.answer : undefined;
  const detail = `The value of ${key} is not the one to replace`;
  if (answer?.type !== "read") {
    return new ProblemError(409, "value-differs", `${detail}; it could not be read now.`);
  }
  const found = answer.value;
  const words = `${detail}: it is ${JSON.stringify(found)}.`;
  return new ProblemError(409, "value-differs", words, { found });
}

function decidedOtherwise(found: Value): ProblemError {
  const detail = `Another value is decided, for ever: ${JSON.stringify(found)}.`;
  return new ProblemError(409, "value-differs", detail, { found });
}

function requireDecisionKey(key: unknown): void {
  if (key === decisionKey) return;
  const detail = `This protocol decides one value: it is at /kv/${decisionKey}.`;
  throw new ProblemError(404, "key-absent", detail);
}
