/** What the operator of a node chose: by flags, environment and file, read once. */

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { type NetworkName, type Params, paramsOf } from "../consensus/params.ts";
import { describeAddressProblem, scriptOfAddress } from "../primitives/address.ts";
import { messageOf } from "../primitives/error-message.ts";
import { type HasherName, hasherNames } from "../primitives/hashing.ts";
import { type Access, findHostFault, findOriginFault } from "./http/access.ts";
import type { PortChoice } from "./http/server.ts";
import { threadsMax } from "./mining/miner-pool.ts";
import { exampleAddress, findDialFault, findListenFault } from "./p2p/tcp-address.ts";

export type NodeConfig = {
  readonly params: Params;
  /** The data folder; undefined for the usual place. */
  readonly data: string | undefined;
  /** Undefined for the usual name, or the next one that no running node has. */
  readonly name: string | undefined;
  /** Multiaddrs. */
  readonly listen: readonly string[];
  /** Multiaddrs; undefined for a node that runs here, if there is one. */
  readonly connect: readonly string[] | undefined;
  readonly apiPort: PortChoice;
  /** Who may ask the API beside programs and pages of this machine. */
  readonly access: Access;
  readonly mine: { readonly address: string; readonly script: Uint8Array } | undefined;
  readonly threads: number;
  /** Hashes per second; undefined for all that the threads can do. */
  readonly hashrate: number | undefined;
  /** Undefined for the fastest that can run here. */
  readonly hasher: HasherName | undefined;
  readonly log: LogForm;
};

const logForms = ["words", "json"] as const;
type LogForm = (typeof logForms)[number];

/** Everything that is wrong with the choices, a line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

const portMax = 65_535;

const whole = (min: number, max: number, advice: string) =>
  z.preprocess(numberOf, z.int(advice).min(min, advice).max(max, advice));

/** A list of texts, each of which `findFault` has nothing against. */
const texts = (findFault: (text: string) => string | undefined, advice: string) =>
  z.preprocess(
    listOf,
    z.array(
      z.string().superRefine((text, context) => {
        const message = findFault(text);
        if (message !== undefined) context.addIssue({ code: "custom", message });
      }),
      `give ${advice}, or a list of them`,
    ),
  );

const addressAdvice = `a network address such as ${exampleAddress}`;

/** One for each key; its message says what to give instead. */
const settings = {
  network: z.enum(["lab", "regtest"], "choose lab or regtest"),
  data: z.string("give the path of a folder").min(1, "give the path of a folder"),
  name: z
    .string("give a short name")
    .regex(/^[A-Za-z0-9][\w.-]{0,31}$/, "give 1 to 32 letters, digits, dots, hyphens, underscores"),
  listen: texts(findListenFault, addressAdvice),
  connect: z.preprocess(noneOf, texts(findDialFault, addressAdvice)),
  "api-port": whole(0, portMax, `give a whole number from 0 to ${portMax}; 0 takes a free port`),
  cors: texts(findOriginFault, "the origin of a page, such as https://wallet.example"),
  "allow-host": texts(findHostFault, "a host's name, such as host.docker.internal"),
  mine: z.string("give an address in quotes").min(1, "give an address"),
  threads: whole(1, threadsMax, `give a whole number from 1 to ${threadsMax}`),
  hashrate: z.preprocess(
    numberOf,
    z
      .number("give hashes per second, such as 30000")
      .positive("give more than 0; to mine nothing, leave mine out"),
  ),
  hasher: z.enum(hasherNames, `choose one of ${hasherNames.join(", ")}`),
  log: z.enum(logForms, "choose words or json"),
};

const choicesSchema = z.strictObject(settings).partial();
type Choices = z.infer<typeof choicesSchema>;
type Key = keyof typeof settings;

const keys = Object.keys(settings) as Key[];
/**
 * On regtest a block takes two hashes. Without a limit thousands of blocks a minute would use up the
 * subsidy, and their times would run ahead of the clock; so there is a block about every four seconds.
 */
const usualHashrates: Readonly<Partial<Record<NetworkName, number>>> = { regtest: 0.5 };
const defaultListen = ["/ip4/127.0.0.1/tcp/0"];
const variablePrefix = "POWLAB_";
/** Variables that are meant for other commands. */
const foreignVariables = ["POWLAB_API", "POWLAB_TOKEN", "POWLAB_PASSWORD", "POWLAB_WALLET"];

type Problem = { readonly key: string; readonly text: string };

/** One place where choices come from, with values as they were found. */
type Source = {
  readonly values: Readonly<Record<string, unknown>>;
  /** How this source writes a choice. */
  readonly write: (key: string, value: unknown) => string;
  /** What to do about a key that is none. */
  readonly keyAdvice: string;
};

/**
 * Reads the choices; a flag counts more than a variable, a variable more than the file.
 *
 * @param flags by their names without hyphens before them; `config` is the path of the file.
 * @throws ConfigError with all problems at once.
 */
export function readConfig(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): NodeConfig {
  const { config: flagFile, ...flagValues } = flags;
  const { config: variableFile, ...variables } = variablesOf(env);
  const problems: Problem[] = [];
  const sources: Source[] = [flagSource(flagValues), variableSource(variables)];
  const file = flagFile ?? variableFile;
  if (typeof file === "string") sources.push(...readFileSource(file, problems));

  const [byFlag = {}, byVariable = {}, byFile = {}] = sources.map((each) => check(each, problems));
  const choices: Choices = { ...byFile, ...byVariable, ...byFlag };
  const params = paramsOf(choices.network ?? "lab");
  const isNetworkSure = !problems.some(({ key }) => key === "network");
  const mine = isNetworkSure ? payee(choices.mine, params, problems) : undefined;
  if (problems.length > 0) throw new ConfigError(problems.map(({ text }) => text));
  return {
    params,
    data: choices.data,
    name: choices.name,
    listen: choices.listen ?? defaultListen,
    connect: choices.connect,
    apiPort: choices["api-port"] ?? "usual",
    access: { origins: choices.cors ?? [], hosts: choices["allow-host"] ?? [] },
    mine,
    threads: choices.threads ?? Math.max(1, availableParallelism() - 1),
    hashrate: choices.hashrate ?? usualHashrates[params.name],
    hasher: choices.hasher,
    log: choices.log ?? "words",
  };
}

function flagSource(values: Source["values"]): Source {
  return {
    values,
    write: (key, value) => `--${key} ${quote(value)}`,
    keyAdvice: "there is no such flag; see powlab node --help",
  };
}

function variableSource(values: Source["values"]): Source {
  const known = [...keys, "config"].map(variableOf).join(", ");
  return {
    values,
    write: (key, value) => `${variableOf(key)}=${quote(value)}`,
    keyAdvice: `no setting has this name; there are ${known}`,
  };
}

/** "POWLAB_API_PORT" as `api-port`. */
function variablesOf(env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const ours = Object.entries(env).filter(
    ([name, value]) =>
      name.startsWith(variablePrefix) && value !== undefined && !foreignVariables.includes(name),
  );
  return Object.fromEntries(
    ours.map(([name, value]) => [
      name.slice(variablePrefix.length).toLowerCase().replaceAll("_", "-"),
      value,
    ]),
  );
}

function variableOf(key: string): string {
  return variablePrefix + key.toUpperCase().replaceAll("-", "_");
}

function readFileSource(file: string, problems: Problem[]): Source[] {
  try {
    const values = parseToml(readFileSync(file, "utf8"));
    const keyAdvice = `no setting has this name; there are ${keys.join(", ")}`;
    return [{ values, write: (key, value) => `${key} = ${quote(value)} in ${file}`, keyAdvice }];
  } catch (error) {
    const text = `--config ${file}: ${messageOf(error).trim()}. config/node.toml is an example`;
    problems.push({ key: "config", text });
    return [];
  }
}

/** Notes what is wrong in one source and answers the rest of it. */
function check({ values, write, keyAdvice }: Source, problems: Problem[]): Choices {
  const checked = choicesSchema.safeParse(values);
  if (checked.success) return checked.data;
  const found = checked.error.issues.flatMap((issue) => {
    const isUnknown = issue.code === "unrecognized_keys";
    const wrong = isUnknown ? issue.keys : [String(issue.path[0])];
    const advice = isUnknown ? keyAdvice : issue.message;
    return wrong.map((key) => ({ key, text: `${write(key, values[key])}: ${advice}` }));
  });
  problems.push(...found);
  const isRight = ([key]: [string, unknown]) => !found.some((problem) => problem.key === key);
  return choicesSchema.parse(Object.fromEntries(Object.entries(values).filter(isRight)));
}

function payee(
  address: string | undefined,
  params: Params,
  problems: Problem[],
): NodeConfig["mine"] {
  if (address === undefined) return undefined;
  const script = scriptOfAddress(address, params.addressPrefix);
  if (script.ok) return { address, script: script.value };
  const why = describeAddressProblem(address, script.problem);
  problems.push({ key: "mine", text: `mine: ${why} Make one with: powlab wallet address` });
  return undefined;
}

/** Flags and variables are text; a file has numbers of its own. */
function numberOf(value: unknown): unknown {
  const isNumeral = typeof value === "string" && /^\d+(\.\d+)?$/.test(value);
  return isNumeral ? Number(value) : value;
}

/** "none" in place of addresses, as a flag can be repeated. */
function noneOf(value: unknown): unknown {
  return value === "none" || (Array.isArray(value) && String(value) === "none") ? [] : value;
}

/** Text may name several, with commas between them. */
function listOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.split(",").map((one) => one.trim());
}

function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
