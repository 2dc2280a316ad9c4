/** `powlab node`: one node, with its REST API, until Ctrl-C. */

import type { Command } from "commander";
import { defaultPort } from "../../src/contract/node-api.ts";
import type { NodeConfig } from "../../src/io/config.ts";
import type { FullNode } from "../../src/io/full-node.ts";
import type { RunningServer } from "../../src/io/http/server.ts";
import type { News } from "../../src/node/news.ts";
import { wordsOfWaitingAgain } from "../../src/node/news-words.ts";
import type { Milliseconds } from "../../src/primitives/brand.ts";
import { messageOf } from "../../src/primitives/error-message.ts";
import { counted, shortHash } from "../../src/primitives/figures.ts";
import { hyphenated } from "../../src/primitives/flag-name.ts";
import { type Example, withExamples } from "./examples.ts";
import { HeldNews, levelOf, lineOf, type ShowNews } from "./node-log.ts";
import {
  CliError,
  colours,
  exitCodes,
  log,
  logAsJson,
  say,
  sayProblem,
  shortNumber,
  untilInterrupted,
  writeJson,
} from "./output.ts";

const examples: readonly Example[] = [
  ['powlab node --name alice --mine "$(powlab wallet address)"', "one that mines"],
  ["powlab node --name bob", "in another terminal: it joins the first by itself"],
  ["powlab node --listen /ip4/127.0.0.1/tcp/8478 --connect none", "always there, and alone"],
  ["POWLAB_THREADS=2 powlab node --config config/node.toml"],
];

const notes = [
  "Without a name, a port or a node to connect with, it takes what is free, and joins the first node",
  "that runs on this machine; it says so.",
  "",
  "Bitcoin Core's JSON-RPC is at POST / of the same port, with the cookie in the file .cookie of its",
  "data (docs/rpc.md).",
  "",
  "Every choice can also stand in the environment (POWLAB_API_PORT=0) or in the file of --config",
  "(api-port = 0). A flag counts more than the environment, and that more than the file.",
];

export function register(program: Command): void {
  withExamples(
    program
      .command("node")
      .description("run one node")
      .option("--network <name>", "lab or regtest (default: lab)")
      .option("--data <folder>", "its data (default: $XDG_DATA_HOME/powlab/<network>/<name>)")
      .option("--name <name>", "what it is called (default: node, or the next free one)")
      .option(
        "--listen <multiaddr>",
        "where peers reach it, also several times (default: any free port)",
        collect,
      )
      .option(
        "--connect <multiaddr>",
        "a node to join, also several times; or none (default: the first that runs here)",
        collect,
      )
      .option(
        "--api-port <port>",
        `where its REST API listens; 0 for any (default: ${defaultPort}, or the next free one)`,
      )
      .option(
        "--cors <origin>",
        "let pages of this origin use the API, also several times (always: those of localhost)",
        collect,
      )
      .option(
        "--allow-host <name>",
        "a name by which clients in containers reach this machine, also several times",
        collect,
      )
      .option("--mine <address>", "mine, and have this address paid")
      .option("--threads <count>", "mining threads (default: all processors but one)")
      .option("--hashrate <number>", "hashes per second at most (default: no limit; regtest: 0.5)")
      .option("--hasher <name>", "wasm-simd, wasm or js (default: the fastest that runs here)")
      .option("--config <file>", "read choices from a TOML file")
      .option("--log <form>", "what stderr has: words for people, or json, an event a line")
      .option("--json", "write what happens as lines of JSON")
      .action(runNode),
    examples,
    notes,
  );
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

type Flags = Readonly<Record<string, unknown>> & { readonly json?: true };

async function runNode({ json, ...flags }: Flags): Promise<void> {
  const config = await readChoices(flags);
  const interrupted = untilInterrupted();
  const stop = new AbortController();
  void interrupted.then(() => stop.abort());
  const isLog = config.log === "json";
  if (isLog) logAsJson();
  const news = new HeldNews(await showerOfNews(json === true, isLog));
  const { full, server, stopAsked } = await startUnderFreeName(config, news, stop.signal);
  const failed = new Promise<Error>((resolve) => full.runner.onFailure(resolve));

  const urls = { page: `${server.url}/`, api: `${server.url}/api` };
  await full.announceApi(urls.api);
  const withdraw = await announce(full, config, server.url);
  if (isLog) logAsJson({ node: full.name });
  if (json) writeJson({ type: "ready", ...describe(full, config, urls) });
  if (isLog) log("info", "started", describe(full, config, urls));
  else if (!json) introduce(full, config, urls);
  news.release();
  void full.waiting.restored.then((count = 0) => {
    if (!json && count > 0) say(wordsOfWaitingAgain(count));
  });

  const failure = await Promise.race([failed, interrupted, stopAsked]);
  if (!json || isLog) say("stopping …");
  await withdraw();
  await server.close();
  await full.stop();
  if (failure instanceof Error) throw new CliError(failure.message, exitCodes.failed);
}

async function readChoices(flags: Flags): Promise<NodeConfig> {
  const { ConfigError, readConfig } = await import("../../src/io/config.ts");
  const named = Object.entries(flags).map(([name, value]) => [hyphenated(name), value] as const);
  try {
    return readConfig(Object.fromEntries(named), process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, exitCodes.usage);
    throw error;
  }
}

type Running = {
  readonly full: FullNode;
  readonly server: RunningServer;
  /** Resolves when a caller of its JSON-RPC wants it to end. */
  readonly stopAsked: Promise<void>;
};

const usualName = "node";

/** A second node that was given no name must not stop at the folder of the first. */
async function startUnderFreeName(
  config: NodeConfig,
  news: HeldNews,
  signal: AbortSignal,
): Promise<Running> {
  const { FolderInUseError } = await import("../../src/io/disk/folder.ts");
  const connect = await nodesToJoin(config);
  for (let number = 1; ; number += 1) {
    const name = config.name ?? (number === 1 ? usualName : `${usualName}-${number}`);
    try {
      const running = await start({ ...config, name, connect }, news, signal);
      if (number > 1) say(`${usualName} runs already, so this one is called ${name}`);
      return running;
    } catch (error) {
      const isFixed = config.name !== undefined || config.data !== undefined;
      if (isFixed || !(error instanceof FolderInUseError)) throw error;
    }
  }
}

/** What was chosen, or else the first of the nodes that run here: the others have joined it. */
async function nodesToJoin({ connect, params }: NodeConfig): Promise<readonly string[]> {
  if (connect !== undefined) return connect;
  const { Registry } = await import("../../src/lab/running/registry.ts");
  const nodes = await new Registry(process.env).nodes();
  const first = nodes.findLast(({ network }) => network === params.name);
  const [address] = first?.addresses ?? [];
  if (first === undefined || address === undefined) return [];
  say(`joining ${first.name} at ${address}; --connect none stays alone`);
  return [address];
}

/** Other commands find it from now on, until what this returns is called. */
async function announce(
  { name, folder: data, network }: FullNode,
  { params }: NodeConfig,
  url: string,
): Promise<() => Promise<void>> {
  const { Registry } = await import("../../src/lab/running/registry.ts");
  const { thisProcess } = await import("../../src/io/platform/running-process.ts");
  const registry = new Registry(process.env);
  const entry = {
    kind: "node",
    ...(await thisProcess()),
    name,
    network: params.name,
    url,
    startedAt: Date.now(),
    state: "ready",
    data,
    api: `${url}/api`,
    peerId: network.peerId,
    addresses: network.addresses(),
  } as const;
  await registry.announce(entry);
  return () => registry.withdraw(entry);
}

type Choices = NodeConfig & { readonly name: string; readonly connect: readonly string[] };

async function start(config: Choices, news: HeldNews, signal: AbortSignal): Promise<Running> {
  // All before the node starts, so that listeners miss none of its news.
  const { dataFolder } = await import("../../src/io/disk/folder.ts");
  const { createApp } = await import("../../src/io/http/app.ts");
  const { nodeRoutes } = await import("../../src/io/http/api/node-routes.ts");
  const { Router } = await import("express");
  const { rpcAtRoot } = await import("../../src/io/http/rpc/root.ts");
  const { metricsAtRoot } = await import("../../src/io/http/metrics/metrics.ts");
  const { pageRoutes } = await import("../../src/io/http/page/page.ts");
  const { serve } = await import("../../src/io/http/server.ts");
  const { startFullNode } = await import("../../src/io/full-node.ts");
  const { adoptHasher } = await import("../../src/io/hashing/hasher-choice.ts");
  const { UpgradeTeller } = await import("./upgrade-teller.ts");

  const { params, name, listen, connect, mine, threads, hashrate } = config;
  const hasher = adoptHasher(config.hasher);
  for (const warning of hasher.warnings) sayProblem(warning);
  const folder = config.data ?? dataFolder(params.name, name, process.env);
  const teller = new UpgradeTeller(folder, say);
  const full = await startFullNode({
    params,
    folder,
    name,
    listen,
    connect,
    threads,
    hasher: hasher.name,
    onWarning: ({ message }) => sayProblem(message),
    onUpgrade: (progress) => teller.tell(progress),
    signal,
    onUnreachable: (problem) => sayProblem(`${problem}. It goes on trying.`),
    ...(mine && { payTo: mine.script }),
    ...(hashrate !== undefined && { hashrate }),
  });
  full.runner.onNews((each, at) => news.add(each, at));
  const stopAsked = Promise.withResolvers<void>();
  const onFailure = (error: unknown): void => sayProblem(messageOf(error));
  const app = createApp({
    routes: {
      "/": Router().use(rpcAtRoot("/api"), metricsAtRoot("/api"), pageRoutes({ kind: "node" })),
      "/api": nodeRoutes(full, { onFailure, stop: stopAsked.resolve }),
    },
    access: config.access,
    onFailure,
  });
  try {
    const server = await serve(app, { port: config.apiPort });
    if (server.portNote !== undefined) say(server.portNote);
    return { full, server, stopAsked: stopAsked.promise };
  } catch (error) {
    await full.stop();
    throw error;
  }
}

async function showerOfNews(isJson: boolean, isLog: boolean): Promise<ShowNews> {
  if (!isJson && !isLog) return sayNews;
  const { eventJson } = await import("../../src/io/http/v1/event-json.ts");
  return (news, at) => {
    // Here lines have an order of their own: an undefined id is left out.
    const event = { ...eventJson(news, 0, at), id: undefined };
    if (isJson) writeJson(event);
    if (isLog) log(levelOf(news), event.type, event, at);
  };
}

function sayNews(news: News, at: Milliseconds): void {
  const line = lineOf(news, at);
  if (line !== undefined) say(line);
}

type Urls = { readonly page: string; readonly api: string };

function describe(full: FullNode, { params }: NodeConfig, urls: Urls) {
  const { name, network, folder, pool } = full;
  const { peerId } = network;
  const addresses = network.addresses();
  const mining = { hasher: pool?.hasher ?? null, threads: pool?.threads ?? 0 };
  return { name, network: params.name, peerId, addresses, ...urls, data: folder, ...mining };
}

function introduce(full: FullNode, config: NodeConfig, urls: Urls): void {
  const { name, network, peerId, addresses, page, api, data } = describe(full, config, urls);
  const { height, hash } = full.node.chain.tip;
  const facts = [
    ["page", page],
    ["data", data],
    ["peer id", peerId],
    ...addresses.map((address) => ["listens", address] as const),
    ["API", api],
    ["tip", `#${height} ${shortHash(hash)}`],
    ["mines", miningWords(config, full.pool)],
    ["next", nextStep(config, api)],
  ] as const;
  say(`${colours.bold(name)}, a node of the network ${colours.bold(network)}`);
  for (const [word, fact] of facts) say(`  ${colours.dim(word.padEnd(8))} ${fact}`);
}

function miningWords({ mine, hashrate }: NodeConfig, pool: FullNode["pool"]): string {
  const { threads = 0, hasher = "no hasher" } = pool ?? {};
  const means = `${counted(threads, "thread")}, ${hasher}`;
  const limit = hashrate === undefined ? "" : `, at most ${shortNumber(hashrate)} hashes/s`;
  return `${mine === undefined ? "nothing yet" : `for ${mine.address}`}, ${means}${limit}`;
}

function nextStep({ mine, params }: NodeConfig, api: string): string {
  if (mine === undefined) return `powlab mine start ADDRESS --api ${api}`;
  const network = params.name === "lab" ? "" : `--network ${params.name} `;
  return `powlab node ${network}--name second`;
}
