/** How a method is declared, and how a request's parameters become its values. */

import { isList, type Json, JsonObject, kindOf, type Writable, writeJsonLines } from "./json.ts";
import { kindProblem, type Parameter, type Parameters, type ValuesOf } from "./parameters.ts";
import { rpcCodes, RpcError } from "./rpc-error.ts";
import type { RpcNode } from "./rpc-node.ts";

/** The headings of Core's `help`, in its order. */
export type Category = "Blockchain" | "Control" | "Mining" | "Network" | "Rawtransactions" | "Util";

/** As a family of methods declares it. */
export type Declaration<P extends Parameters> = {
  /** One sentence for `help`. */
  readonly about: string;
  readonly category: Category;
  readonly parameters: P;
  /**
   * @param gone aborted when the caller has left: what waits, or goes on for long, ends then.
   * @throws RpcError for what the caller did wrong; any other error is a fault of ours.
   */
  readonly answer: (
    values: ValuesOf<P>,
    node: RpcNode,
    gone: AbortSignal,
  ) => Writable | Promise<Writable>;
};

/** Ready to be called with whatever a request has. */
export type Method = {
  readonly name: string;
  readonly about: string;
  readonly category: Category;
  readonly parameters: Parameters;
  /** @throws RpcError */
  readonly call: (
    given: readonly Json[],
    node: RpcNode,
    gone: AbortSignal,
  ) => Writable | Promise<Writable>;
};

export type Methods = ReadonlyMap<string, Method>;

export function method<P extends Parameters>(name: string, declared: Declaration<P>): Method {
  const { about, category, parameters, answer } = declared;
  const self: Method = {
    ...{ name, about, category, parameters },
    call: (given, node, gone) => {
      checkCount(self, given);
      checkKinds(parameters, given);
      return answer(valuesOf(parameters, given), node, gone);
    },
  };
  return self;
}

/** `name "text" number ( optional )`, as Core writes it. */
export function usageOf({ name, parameters }: Pick<Method, "name" | "parameters">): string {
  let usage = name;
  let wasOptional = false;
  for (const [each, parameter] of Object.entries(parameters)) {
    const { isOptional } = parameter;
    const mark = isOptional && !wasOptional ? "( " : !isOptional && wasOptional ? ") " : "";
    usage += ` ${mark}${sketchOf(each, parameter)}`;
    wasOptional = isOptional;
  }
  return wasOptional ? `${usage} )` : usage;
}

/** What `help METHOD` says, and what a call with too few or too many parameters is told. */
export function helpOf(method: Method): string {
  return `${usageOf(method)}\n\n${method.about}\n`;
}

function sketchOf(name: string, { kind, sketch }: Parameter): string {
  return sketch ?? (kind === "string" ? `"${name}"` : name);
}

function checkCount(method: Method, given: readonly Json[]): void {
  const parameters = Object.values(method.parameters);
  const required = parameters.findLastIndex(({ isOptional }) => !isOptional) + 1;
  if (given.length >= required && given.length <= parameters.length) return;
  throw new RpcError(rpcCodes.misc, helpOf(method));
}

/** @throws RpcError that names all of the wrong kind, as in Core. */
function checkKinds(parameters: Parameters, given: readonly Json[]): void {
  const problems: (readonly [string, string])[] = [];
  for (const [i, [name, parameter]] of Object.entries(parameters).entries()) {
    const { kind, isOptional, formerName } = parameter;
    const value = given[i] ?? null;
    if (kind === undefined || (isOptional && value === null) || kindOf(value) === kind) continue;
    const names = formerName === undefined ? name : `${name}|${formerName}`;
    problems.push([`Position ${i + 1} (${names})`, kindProblem(value, kind)]);
  }
  if (problems.length === 0) return;
  const shown = writeJsonLines(new JsonObject(problems));
  throw new RpcError(rpcCodes.type, `Wrong type passed:\n${shown}`);
}

function valuesOf<P extends Parameters>(parameters: P, given: readonly Json[]): ValuesOf<P> {
  const entries = Object.entries(parameters).map(([name, parameter], i) => {
    return [name, parameter.read(given[i] ?? undefined, name)] as const;
  });
  return Object.fromEntries(entries) as ValuesOf<P>;
}

/**
 * Puts parameters that have names in their order; those under `args` stand first.
 *
 * @see Bitcoin Core, transformNamedArguments
 */
export function positionsOf(parameters: Parameters, { members }: JsonObject): readonly Json[] {
  const named = new Map<string, Json>();
  for (const [name, value] of members) {
    if (named.has(name)) throw wrong(`Parameter ${name} specified multiple times`);
    named.set(name, value);
  }
  const positional = named.get("args");
  const first = isList(positional) ? positional : [];
  if (isList(positional)) named.delete("args");
  const placed: Json[] = [...first];
  for (const [i, [name, { formerName }]] of Object.entries(parameters).entries()) {
    const key = [name, formerName].find((each) => each !== undefined && named.has(each));
    if (key === undefined) continue;
    if (i < first.length) {
      throw wrong(`Parameter ${key} specified twice both as positional and named argument`);
    }
    while (placed.length < i) placed.push(null);
    placed.push(named.get(key) ?? null);
    named.delete(key);
  }
  const [unknown] = named.keys();
  if (unknown !== undefined) throw wrong(`Unknown named parameter ${unknown}`);
  return placed;
}

function wrong(message: string): RpcError {
  return new RpcError(rpcCodes.parameter, message);
}
