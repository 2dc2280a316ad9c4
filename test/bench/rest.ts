/** A node's REST API beside a bare express route that sends the same bytes. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface, type Interface } from "node:readline";
import express from "express";
import { hashOfBlock } from "../../src/primitives/block.ts";
import { median, round, type Row } from "./measure.ts";
import { bulk, openRestScene, type RestScene, saver, shop, txidsOf } from "./rest-scene.ts";

type Route = {
  readonly name: string;
  /** Asked in turn. */
  readonly paths: readonly string[];
};

const distinctMax = 500;
const warmUps = 3;
const rounds = 7;
/** Processor time of a round, and how many requests it has at most and at least. */
const roundMicroseconds = 150_000;
const [requestsMin, requestsMax] = [4, 1_000];
const holdMaxMs = 50;

export async function benchRest(): Promise<Row[]> {
  const scene = await openRestScene();
  const peer = new Express();
  const client = new Client();
  try {
    const rows: Row[] = [];
    let longest = { name: "", milliseconds: 0 };
    for (const route of routesOf(scene)) {
      await peer.learn(scene.url, route.paths);
      const { row, milliseconds } = await compareRoute(route, { scene, peer, client });
      rows.push(row);
      if (milliseconds > longest.milliseconds) longest = { name: route.name, milliseconds };
    }
    return [...rows, rowOfLongest(longest)];
  } finally {
    client.close();
    peer.close();
    await scene.close();
  }
}

function routesOf({ small, full }: RestScene): Route[] {
  const transactionsOf = (block: typeof small, end = "") =>
    txidsOf(block, distinctMax).map((txid) => `/api/tx/${txid}${end}`);
  const ofBlock = (block: typeof small, end = "") => [`/api/block/${hashOfBlock(block)}${end}`];
  const ofAddress = (address: string, end = "") => [`/api/address/${address}${end}`];
  return [
    { name: "/blocks/tip/height", paths: ["/api/blocks/tip/height"] },
    { name: "/address/:a", paths: ofAddress(shop) },
    { name: "/tx/:txid, block of 121", paths: transactionsOf(small) },
    { name: "/tx/:txid, full block", paths: transactionsOf(full) },
    { name: "/tx/:txid/outspends, full block", paths: transactionsOf(full, "/outspends") },
    { name: "/tx/:txid/merkle-proof, full block", paths: transactionsOf(full, "/merkle-proof") },
    { name: "/blocks, three of ten full", paths: ["/api/blocks"] },
    { name: "/block/:hash, of 121", paths: ofBlock(small) },
    { name: "/block/:hash, full", paths: ofBlock(full) },
    { name: "/block/:hash/txids, full", paths: ofBlock(full, "/txids") },
    { name: "/block/:hash/txs, 25 of 121", paths: ofBlock(small, "/txs") },
    { name: "/block/:hash/txs/5000, full", paths: ofBlock(full, "/txs/5000") },
    { name: "/block/:hash/raw, of 121", paths: ofBlock(small, "/raw") },
    { name: "/block/:hash/raw, full", paths: ofBlock(full, "/raw") },
    { name: "/address/:a/utxo, 500 coins", paths: ofAddress(saver, "/utxo") },
    { name: "/address/:a/txs, 25 of a full block", paths: ofAddress(shop, "/txs") },
    { name: "/address/:a/txs, 25 of 10 kB each", paths: ofAddress(bulk, "/txs") },
  ];
}

type Parts = { readonly scene: RestScene; readonly peer: Express; readonly client: Client };

/** The processor time of an answer, and the most that one of ours took. */
async function compareRoute({ name, paths }: Route, { scene, peer, client }: Parts) {
  const ask = (url: string, count: number) => client.ask({ url, paths, count });
  let one = 0;
  for (let i = 0; i < warmUps; i++) {
    await ask(peer.url, requestsMin);
    await ask(scene.url, requestsMin);
    one = await ask(scene.url, 1);
  }
  const fitting = Math.round(roundMicroseconds / one);
  const count = Math.min(requestsMax, Math.max(requestsMin, fitting));
  const own: number[] = [];
  const peers: number[] = [];
  for (let i = 0; i < rounds; i++) {
    own.push(await ask(scene.url, count));
    peers.push(await ask(peer.url, count));
  }
  const microseconds = median(own);
  const row = {
    name: `GET ${name}`,
    value: round(microseconds),
    unit: "µs",
    versus: "bare express, same bytes",
    ratio: round(median(peers) / microseconds),
  };
  return { row, milliseconds: one / 1_000 };
}

function rowOfLongest({ name, milliseconds }: { name: string; milliseconds: number }): Row {
  return {
    name: `longest of all, GET ${name}`,
    value: round(milliseconds),
    unit: "ms",
    versus: `${holdMaxMs} ms at most`,
    ratio: round(holdMaxMs / milliseconds),
  };
}

/** Sends what it has learnt. */
class Express {
  readonly #answers = new Map<string, { readonly type: string; readonly body: string | Buffer }>();
  readonly #server: Server;

  constructor() {
    const app = express();
    app.get("/*path", ({ url }, response) => {
      const answer = this.#answers.get(url);
      response.type(answer?.type ?? "text/plain").send(answer?.body);
    });
    this.#server = createServer(app).listen(0, "127.0.0.1");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async learn(url: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const response = await fetch(url + path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      const type = response.headers.get("content-type") ?? "text/plain";
      const body = type.startsWith("application/octet-stream")
        ? Buffer.from(await response.arrayBuffer())
        : await response.text();
      this.#answers.set(path, { type, body });
    }
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

type Questions = {
  readonly url: string;
  readonly paths: readonly string[];
  readonly count: number;
};

/** Asks from a process of its own, so that this one's processor time is that of the answers. */
class Client {
  readonly #process: ChildProcess = spawn(
    process.execPath,
    ["--input-type=module", "--eval", clientProgram],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  readonly #lines: Interface;

  constructor() {
    const { stdout } = this.#process;
    if (stdout === null) throw new Error("the client has no output");
    this.#lines = createInterface(stdout);
  }

  /** Microseconds of processor time for each answer. */
  async ask(questions: Questions): Promise<number> {
    const answered = once(this.#lines, "line");
    const before = process.cpuUsage();
    this.#process.stdin?.write(`${JSON.stringify(questions)}\n`);
    await answered;
    const { user, system } = process.cpuUsage(before);
    return (user + system) / questions.count;
  }

  close(): void {
    this.#process.kill();
  }
}

/** A line of questions on stdin; a line on stdout when all are answered. Eight wait at a time. */
const clientProgram = `
import { Agent, get } from "node:http";
import { createInterface } from "node:readline";
const ask = (url, agent) => new Promise((resolve, reject) => {
  get(url, { agent }, (response) => {
    response.resume();
    response.on("end", resolve);
  }).on("error", reject);
});
let next = 0;
for await (const line of createInterface(process.stdin)) {
  const { url, paths, count } = JSON.parse(line);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let left = count;
  const asker = async () => {
    while (left-- > 0) await ask(url + paths[next++ % paths.length], agent);
  };
  await Promise.all(Array.from({ length: 8 }, asker));
  agent.destroy();
  console.log("answered");
}`;
