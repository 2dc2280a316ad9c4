/** `powlab lab`: a network of nodes on this machine, until Ctrl-C or for a while. */

import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Shares } from "../../src/contract/network.ts";
import { defaultPort } from "../../src/contract/node-api.ts";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { findHostFault, findOriginFault } from "../../src/io/http/access.ts";
import { participantsMax } from "../../src/lab/nodes/participants.ts";
import type { LabOptions, OpenLab, RegtestOptions } from "../../src/lab/open-lab.ts";
import { type HasherName, hasherNames } from "../../src/primitives/hashing.ts";
import { type Example, withExamples } from "./examples.ts";
import {
  type NetworkFlags,
  registerSave,
  regtestOptionsOf,
  withNetworkOptions,
} from "./lab-network.ts";
import { type Bounds, decimalNumber, namedShare, portNumber, wholeNumber } from "./numbers.ts";
import {
  CliError,
  colours,
  exitCodes,
  log,
  logAsJson,
  logForms,
  say,
  sayProblem,
  untilInterrupted,
  writeJson,
} from "./output.ts";

const examples: readonly Example[] = [
  ["powlab", "six nodes, until Ctrl-C"],
  ["powlab lab --duration 40 --json", "lines of JSON; the last one is a summary"],
  ["powlab lab --nodes 10 --share mallory=60%", "more nodes, and one of them strong"],
  ["powlab lab --processes --no-traffic", "a process for each node, no payments"],
  ["powlab lab --network regtest --no-mining", "for tests of wallets"],
];

const notes = [
  "Keys, wallets and links follow from the seed: they are no secret, and coins are worth nothing.",
  "Next, in another terminal: powlab attack double-spend --share 0.6",
];

export type LabFlags = NetworkFlags & {
  readonly duration?: number;
  readonly json?: true;
  readonly share?: Shares;
  readonly apiPort?: number;
  readonly cors?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly data?: string;
  /** False for `--no-traffic`. */
  readonly traffic?: number | boolean;
  readonly latency?: number;
  readonly processes?: true;
  readonly hasher?: HasherName;
  readonly log?: (typeof logForms)[number];
};

const nodesBounds: Bounds = {
  min: 1,
  max: participantsMax,
  reason: "there are no more names",
};
const hashrateBounds: Bounds = {
  min: 1,
  max: 1e8,
  reason: "one thread searches for all, about 10 million hashes a second",
};
const latencyBounds: Bounds = {
  min: 0,
  max: 2_000,
  reason: "later messages would be slower than blocks, which come every 2 s",
};
const trafficBounds: Bounds = {
  min: 0,
  max: 50,
  reason: "one process signs, relays and indexes every payment for all nodes",
};

export function register(program: Command): void {
  const lab = program
    .command("lab")
    .description("run a network of nodes on this machine (what powlab does without a command)");
  withExamples(
    withNetworkOptions(lab)
      .option("--nodes <count>", "how many (default: 6; regtest: 3)", wholeNumber(nodesBounds))
      .option("--seed <text>", "the random seed of keys, links and payments (default: 1)")
      .option(
        "--duration <seconds>",
        "end after so long (default: never)",
        decimalNumber({ min: 0, max: 1e6, reason: "without --duration it runs until Ctrl-C" }),
      )
      .option(
        "--share <name=part>",
        "a miner's part of the power, also several times",
        collectShares,
      )
      .option(
        "--hashrate <number>",
        "of all miners, per second (default: 40000)",
        decimalNumber(hashrateBounds),
      )
      .option("--latency <ms>", "what every link takes (default: 80)", decimalNumber(latencyBounds))
      .option("--traffic <number>", "payments a second (default: 2)", decimalNumber(trafficBounds))
      .option("--no-traffic", "no payments")
      .option(
        "--api-port <port>",
        `where HTTP listens; 0 for any (default: ${defaultPort}, or the next free one)`,
        portNumber,
      )
      .option(
        "--cors <origin>",
        "let pages of this origin use the APIs, also several times (always: those of localhost)",
        collected(findOriginFault),
      )
      .option(
        "--allow-host <name>",
        "a name by which clients in containers reach this machine, also several times",
        collected(findHostFault),
      )
      .option("--data <folder>", "keep everything there (default: a temporary folder)")
      .option("--processes", "a process for each node")
      .addOption(
        new Option("--hasher <name>", "who hashes (default: the fastest that runs here)").choices(
          hasherNames,
        ),
      )
      .addOption(
        new Option("--log <form>", "what stderr has: json is one event a line").choices(logForms),
      )
      .option("--json", "write lines of JSON; also the default when stdout is not a terminal")
      .action(runLab),
    examples,
    notes,
  );
  registerSave(lab);
}

async function runLab(flags: LabFlags): Promise<void> {
  const interrupted = Promise.race([untilInterrupted(), untilDeserted()]);
  const isJson = flags.json === true || process.stdout.isTTY !== true;
  if (flags.log === "json") logAsJson();
  const events = new HeldEvents(await showerOfEvents(isJson, flags.log === "json"));
  const regtest = await explained(() => regtestOptionsOf(flags));
  if (regtest === undefined || !isJson) events.release(); // on regtest programs want one line first
  const defaults = regtest === undefined ? {} : await regtestDefaults(regtest);
  const starting = startLab(flags, defaults, (event) => events.add(event));
  const opened = await openedOrInterrupted(starting, interrupted);
  if (opened && regtest !== undefined && isJson) await writeReady(opened);
  events.release();
  if (opened) await runUntilEnd(opened, flags, isJson, interrupted);
}

/** Of a program that was forked, as tests of wallets do: who forked it is gone. */
function untilDeserted(): Promise<"deserted"> {
  return new Promise((resolve) => process.once("disconnect", () => resolve("deserted")));
}

async function regtestDefaults(regtest: RegtestOptions): Promise<Partial<LabOptions>> {
  const { defaultRegtestNodes } = await import("../../src/lab/open-lab.ts");
  const { snapshot } = regtest;
  return {
    regtest,
    nodes: snapshot?.nodes.length ?? defaultRegtestNodes,
    ...(snapshot && { seed: snapshot.seed }),
    hashrate: 0,
    latencyMs: 0,
    traffic: 0,
  };
}

async function writeReady({ lab }: OpenLab): Promise<void> {
  const { readyJson } = await import("../../src/lab/ready-json.ts");
  writeJson(await readyJson(lab));
}

const openingPatienceMs = 2_000;

/** Who interrupts an opening waits until it can be closed in order, but not for long. */
export async function openedOrInterrupted<Opened>(
  opening: Promise<Opened>,
  interrupted: Promise<unknown>,
): Promise<Opened | undefined> {
  const late = interrupted.then(() => pause(openingPatienceMs, undefined));
  return Promise.race([opening, late]);
}

/** Opens a lab with these flags; `defaults` are for what the flags leave open. */
export async function startLab(
  flags: LabFlags,
  defaults: Partial<LabOptions>,
  onEvent: (event: LabEvent) => void,
): Promise<OpenLab> {
  const { defaultHashrate, defaultLatencyMs, defaultNodes, defaultTraffic, openLab } =
    await import("../../src/lab/open-lab.ts");
  const { adoptHasher } = await import("../../src/io/hashing/hasher-choice.ts");
  const hasher = adoptHasher(flags.hasher);
  for (const warning of hasher.warnings) sayProblem(warning);
  const { traffic = defaults.traffic ?? defaultTraffic, data } = flags;
  const options: LabOptions = {
    ...(defaults.regtest && { regtest: defaults.regtest }),
    nodes: flags.nodes ?? defaults.nodes ?? defaultNodes,
    seed: flags.seed ?? defaults.seed ?? "1",
    shares: flags.share ?? {},
    hashrate: flags.hashrate ?? defaults.hashrate ?? defaultHashrate,
    latencyMs: flags.latency ?? defaults.latencyMs ?? defaultLatencyMs,
    traffic: typeof traffic === "number" ? traffic : traffic ? defaultTraffic : 0,
    apiPort: flags.apiPort ?? defaults.apiPort ?? "usual",
    access: { origins: flags.cors ?? [], hosts: flags.allowHost ?? [] },
    processes: flags.processes ? "one-each" : "one",
    isAnnounced: defaults.isAnnounced ?? true,
    hasher: hasher.name,
    onEvent,
    onWarning: ({ message }) => sayProblem(message),
    ...(data !== undefined && { data }),
  };
  return explained(() => openLab(options));
}

/** What cannot be done as it was asked for is a wrong use. */
async function explained<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  const { LeverError } = await import("../../src/lab/nodes/lever-error.ts");
  try {
    return await act();
  } catch (error) {
    if (error instanceof LeverError) throw new CliError(error.message, exitCodes.usage);
    throw error;
  }
}

/** In the end the network may need a moment to agree; who pressed Ctrl-C wants out. */
const patienceMs = 15_000;
const hurryMs = 700;

async function runUntilEnd(
  { lab, close }: OpenLab,
  { duration }: LabFlags,
  isJson: boolean,
  interrupted: Promise<unknown>,
): Promise<void> {
  const quit = Promise.withResolvers<"interrupted">();
  void interrupted.then(() => quit.resolve("interrupted"));
  const over = Promise.withResolvers<"over">();
  if (duration !== undefined) setTimeout(() => over.resolve("over"), duration * 1000);
  const { Keyboard } = await import("../../src/lab/keyboard.ts");
  const keyboard = new Keyboard(lab, { quit: () => quit.resolve("interrupted"), print: say });
  if (!isJson) keyboard.start();
  const end = await Promise.race([over.promise, quit.promise]);
  keyboard.stop();
  const { timeline } = await close(end === "over" ? patienceMs : hurryMs);
  if (!isJson) say(`  ${colours.dim(`next: powlab replay ${timeline}`)}`);
}

async function showerOfEvents(isJson: boolean, isLog: boolean): Promise<(event: LabEvent) => void> {
  if (!isLog) return isJson ? writeEvent : showerOfLines();
  return (event) => {
    if (isJson) writeEvent(event);
    if (event.type !== "measured") log("info", event.type, event, event.at);
  };
}

/** What the nodes themselves tell and measure is in the timeline only. */
export function writeEvent(event: LabEvent): void {
  if (event.type !== "news" && event.type !== "measured") writeJson(event);
}

/** Events that wait until the first line is written. */
class HeldEvents {
  readonly #show: (event: LabEvent) => void;
  #held: LabEvent[] | undefined = [];

  constructor(show: (event: LabEvent) => void) {
    this.#show = show;
  }

  add(event: LabEvent): void {
    if (this.#held === undefined) this.#show(event);
    else this.#held.push(event);
  }

  /** Shows those that wait, and from now on each at once. */
  release(): void {
    this.#held?.forEach(this.#show);
    this.#held = undefined;
  }
}

/** Shows events as lines for people. */
export async function showerOfLines(): Promise<(event: LabEvent) => void> {
  const { bannerLines, openingLines, Printer } = await import("../../src/lab/timeline/printer.ts");
  const printer = new Printer(colours);
  const platform = `Node ${process.versions.node}, ${availableParallelism()} cores`;
  return (event) => {
    if (event.type === "opening") openingLines(event, platform, colours).forEach(say);
    if (event.type === "started") bannerLines(event, colours).forEach(say);
    printer.linesOf(event).forEach(say);
  };
}

/** Collects texts that `findFault` has nothing against. */
function collected(findFault: (text: string) => string | undefined) {
  return (text: string, before: readonly string[] = []): readonly string[] => {
    const fault = findFault(text);
    if (fault !== undefined) throw new InvalidArgumentError(`${fault}.`);
    return [...before, text];
  };
}

function collectShares(text: string, before: Shares = {}): Shares {
  const { name, part } = namedShare(text);
  return { ...before, [name]: part };
}
