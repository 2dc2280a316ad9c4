/**
 * What `import { openLab } from "powlab"` gives: a network on regtest for tests of wallets, in a
 * process of its own. All types are in this file, so that its declaration needs no other.
 */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { labRoutes } from "../src/contract/lab.ts";
import type { BlocksJson, FaucetJson, ReadyJson, SavedJson } from "../src/contract/regtest.ts";
import { LabClient } from "../src/lab/lab-client.ts";

export type LabOptions = {
  /** From 1 to 26; 3 if it is missing. */
  readonly nodes?: number;
  /** Keys and links follow from it; "1" if it is missing. */
  readonly seed?: string;
  /** When blocks are found without `mine`; never if it is missing. */
  readonly mining?: "none" | "on-transaction" | { readonly everySeconds: number };
  /** The name of a snapshot, which brings its own nodes and seed. */
  readonly from?: string;
};

export type LabNode = {
  readonly name: string;
  /** The base URL for clients of Esplora. */
  readonly url: string;
  /** For what changes the node itself. */
  readonly token: string;
};

/** A wallet with coins. It follows from the seed: it is no secret. */
export type FundedKey = {
  /** The node whose wallet it is, or `faucet`. */
  readonly name: string;
  readonly address: string;
  /** BIP39. */
  readonly words: string;
  /** Of the address, as in m/86'/1'/0'/0/0. */
  readonly path: string;
  /** The secret key of the address, before the taproot tweak. */
  readonly wif: string;
  /** With the private key: receiving addresses, and change. */
  readonly descriptor: string;
  readonly changeDescriptor: string;
};

export type FaucetOptions = {
  /** Mines a block with the payment. */
  readonly confirm?: boolean;
  /** Where it is submitted; the first that is up if it is missing. */
  readonly node?: string;
};

/** At most one of `drop`, `doubleSpend` and `empty`. */
export type ReorgOptions = {
  /** The id of a transaction that is not on the new branch, and waits again. */
  readonly drop?: string;
  /** The id of a transaction in place of which another one, with the same coins, is confirmed. */
  readonly doubleSpend?: string;
  /** No transaction is on the new branch: all wait again. */
  readonly empty?: boolean;
  /** Who has the new branch first; the first that is up if it is missing. */
  readonly node?: string;
};

export type Reorg = {
  readonly node: string;
  readonly forkHeight: number;
  /** The hash of the last block that both branches share. */
  readonly fork: string;
  /** The hashes of the blocks that were left behind, the lowest first. */
  readonly back: readonly string[];
  /** Those of the new branch, one more. */
  readonly forth: readonly string[];
  /** The id of what was confirmed in place of the double-spent transaction. */
  readonly conflict: string | null;
};

/** Each method resolves when all nodes that can have the result have it; a refusal is an Error. */
export type Lab = {
  /** The page, and the lab's own routes below /lab. */
  readonly url: string;
  /** For what changes the lab over HTTP, as `Authorization: Bearer TOKEN`. */
  readonly token: string;
  readonly nodes: readonly LabNode[];
  /** Has most of the coins. */
  readonly faucetKey: FundedKey;
  /** A wallet of each node, with a few coins. */
  readonly keys: readonly FundedKey[];
  /**
   * Makes blocks at once, with what waits in the first of them.
   *
   * @param to an address that gets the new coins; the faucet's if it is missing.
   * @param node who mines; the first that is up if it is missing.
   * @returns the hashes, the lowest first.
   */
  mine(count?: number, to?: string, node?: string): Promise<readonly string[]>;
  /** Pays satoshis to an address. @returns the id of the transaction. */
  faucet(address: string, satoshis: number, options?: FaucetOptions): Promise<string>;
  /** Replaces the last `depth` blocks by a branch that is one block longer. */
  reorg(depth: number, options?: ReorgOptions): Promise<Reorg>;
  /** Splits the network; nodes in no group are one more. */
  partition(...groups: readonly (readonly string[])[]): Promise<void>;
  heal(): Promise<void>;
  /** Keeps the chains and what waits, for `openLab({ from: name })`. @returns the file. */
  save(name: string, options?: { readonly replace?: boolean }): Promise<string>;
  /** Ends all of it. */
  close(): Promise<void>;
};

/** Opens a network of nodes that listen on this machine only. It ends with this process at the latest. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const child = fork(program, ["lab", "--json", "--api-port", "0", ...wordsOf(options)], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    ...(isSource && { execArgv: ["--import", "tsx"] }),
  });
  const { url, token, nodes, faucet: faucetKey, keys } = await firstLineOf(child);
  letGo(child);
  const client = new LabClient(url, token);
  return {
    ...{ url, token, nodes, faucetKey, keys },
    mine: async (count = 1, to, node) => {
      const order = { count, ...(to !== undefined && { to }), ...(node !== undefined && { node }) };
      return (await client.pull<BlocksJson>(labRoutes.blocks, order)).hashes;
    },
    faucet: async (address, value, choices = {}) => {
      return (await client.pull<FaucetJson>(labRoutes.faucet, { address, value, ...choices })).txid;
    },
    reorg: (depth, choices = {}) => client.pull<Reorg>(labRoutes.reorg, { depth, ...choices }),
    partition: async (...groups) => void (await client.pull(labRoutes.partition, { groups })),
    heal: async () => void (await client.pull(labRoutes.heal)),
    save: async (name, choices = {}) => {
      return (await client.pull<SavedJson>(labRoutes.save, { name, ...choices })).file;
    },
    close: () => end(child),
  };
}

const isSource = import.meta.url.endsWith(".ts");
const program = fileURLToPath(new URL(`./powlab.${isSource ? "ts" : "js"}`, import.meta.url));
/** A lab that has not ended by then is killed. */
const endTimeoutMs = 10_000;

function wordsOf({ nodes, seed, mining = "none", from }: LabOptions): readonly string[] {
  return [
    ...["--network", "regtest"],
    ...(nodes === undefined ? [] : ["--nodes", String(nodes)]),
    ...(seed === undefined ? [] : ["--seed", seed]),
    ...(from === undefined ? [] : ["--from", from]),
    ...miningWords(mining),
  ];
}

function miningWords(mining: NonNullable<LabOptions["mining"]>): readonly string[] {
  if (mining === "none") return ["--no-mining"];
  if (mining === "on-transaction") return ["--mine-on-transaction"];
  return ["--block-time", String(mining.everySeconds)];
}

/** @throws Error with what the program said, if it ends before it is ready. */
async function firstLineOf(child: ChildProcess): Promise<ReadyJson> {
  let said = "";
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  if (child.stdout === null) throw new Error("the output of the lab cannot be read");
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "close").then(() => undefined);
  const line = await Promise.race([once(lines, "line"), ended]);
  if (line === undefined) throw new Error(said.trim() || "the lab ended before it was ready");
  lines.on("line", () => undefined); // a full pipe would stop the lab
  return JSON.parse(String(line[0])) as ReadyJson;
}

/** Who forgets to close the lab may end all the same: then the lab ends, too. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream instanceof Socket) stream.unref();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.ref();
  child.disconnect();
  const inTime = new AbortController();
  const late = pause(endTimeoutMs, undefined, { signal: inTime.signal, ref: false });
  late.then(() => child.kill("SIGKILL")).catch(() => undefined); // it ended in time
  await ended;
  inTime.abort();
}
