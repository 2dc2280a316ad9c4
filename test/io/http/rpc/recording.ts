/** Bitcoin Core's recorded answers, and a node that holds the chain and mempool they are about. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Router } from "express";
import { nodeRoutes } from "../../../../src/io/http/api/node-routes.ts";
import { createApp } from "../../../../src/io/http/app.ts";
import {
  type Json,
  type JsonNumber,
  JsonObject,
  readJson,
  writeJson,
} from "../../../../src/io/http/rpc/call/json.ts";
import { rpcAtRoot } from "../../../../src/io/http/rpc/root.ts";
import { type RunningServer, serve } from "../../../../src/io/http/server.ts";
import { decodeBlock } from "../../../../src/primitives/block.ts";
import type { Milliseconds } from "../../../../src/primitives/brand.ts";
import { parseHex } from "../../../../src/primitives/bytes.ts";
import { decodeTransaction } from "../../../../src/primitives/transaction.ts";
import { FullNodeScene, startNode } from "../../full-node-scene.ts";

const folder = new URL("../../../vectors/rpc/", import.meta.url).pathname;

/** A call and what Core answered; numbers by their text. */
export type RecordedAnswer = {
  readonly n: number;
  readonly method: string;
  readonly params: Json;
  readonly changes: boolean;
  readonly outcome: Outcome;
};

export type Outcome = { readonly result: Json } | { readonly error: Json; readonly isCut: boolean };

export type RecordedExchange = {
  readonly n: number;
  readonly what: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly auth: string;
    readonly body: string | null;
    readonly "content-type"?: string | null;
  };
  readonly status: number;
  readonly type: string | null;
  readonly response: string;
  readonly cut?: true;
};

type RecordedBlock = {
  readonly hex: string;
  readonly mocktime: number;
  readonly best: string;
};

function read(name: string): string {
  const bytes = readFileSync(join(folder, name));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

export function recordedExchanges(): RecordedExchange[] {
  return JSON.parse(read("http.json")) as RecordedExchange[];
}

export function recordedAnswers(): RecordedAnswer[] {
  const all = readJson(read("answers.json.gz")) as readonly JsonObject[];
  return all.map((each) => ({
    n: Number((each.get("n") as JsonNumber).text),
    method: each.get("method") as string,
    params: each.get("params")!,
    changes: each.get("changes") === true,
    outcome: outcomeOf(each),
  }));
}

function outcomeOf(recorded: JsonObject): Outcome & { readonly isCut: boolean } {
  const result = recorded.get("result");
  const error = recorded.get("error") as JsonObject | undefined;
  const isCut = (error ?? recorded).get("cut") === true;
  if (error === undefined) return { result: result!, isCut };
  return { error: new JsonObject(error.members.filter(([name]) => name !== "cut")), isCut };
}

/** A node on regtest with the recorded chain and mempool. */
export class RecordedNode extends FullNodeScene {
  readonly failures: unknown[] = [];
  readonly #app: ReturnType<typeof createApp>;
  #server: RunningServer | undefined;

  static override async start(): Promise<RecordedNode> {
    const scene = new RecordedNode(await startNode(0));
    await scene.#replay();
    scene.#server = await serve(scene.#app, { port: 0 });
    return scene;
  }

  constructor(started: Awaited<ReturnType<typeof startNode>>) {
    super(started);
    const onFailure = (error: unknown): void => void this.failures.push(error);
    this.#app = createApp({
      routes: {
        "/": Router().use(rpcAtRoot("/api")),
        "/api": nodeRoutes(this.full, { onFailure, stop: () => undefined }),
      },
      onFailure,
    });
  }

  async #replay(): Promise<void> {
    const { blocks, final_mocktime: end } = JSON.parse(read("blocks.json.gz")) as {
      readonly blocks: readonly RecordedBlock[];
      readonly final_mocktime: number;
    };
    for (const { hex, mocktime, best } of blocks) {
      this.setTime(mocktime);
      const block = decodeBlock(parseHex(hex));
      if (!block.ok) throw new Error(block.problem.reason);
      await this.full.runner.command({ type: "submit-block", block: block.value });
      if (this.tip.hash !== best) throw new Error(`the tip is ${this.tip.hash}, not ${best}`);
    }
    const { transactions } = JSON.parse(read("mempool.json")) as {
      readonly transactions: readonly { readonly hex: string; readonly mocktime: number }[];
    };
    for (const { hex, mocktime } of transactions) {
      this.setTime(mocktime);
      const transaction = decodeTransaction(parseHex(hex));
      if (!transaction.ok) throw new Error(transaction.problem.reason);
      const command = { type: "submit-transaction", transaction: transaction.value } as const;
      const answer = await this.full.runner.command(command);
      if (answer.type !== "transaction" || !answer.verdict.ok)
        throw new Error(JSON.stringify(answer));
    }
    this.setTime(end);
  }

  setTime(seconds: number): void {
    this.full.runner.clock.set((seconds * 1000) as Milliseconds);
  }

  /** Sends a recorded call as a client of Core would. */
  async call(method: string, params: Json): Promise<Outcome> {
    const text = writeJson({ id: 1, method, params });
    const headers = { Authorization: this.authorization };
    const answer = await fetch(this.url, { method: "POST", headers, body: text });
    const json = readJson(await answer.text()) as JsonObject;
    const error = json.get("error") ?? null;
    return error === null ? { result: json.get("result")! } : { error, isCut: false };
  }

  get url(): string {
    return this.#server!.url;
  }

  override async stop(): Promise<void> {
    await this.#server?.close();
    await super.stop();
  }

  get authorization(): string {
    return `Basic ${Buffer.from(this.full.cookie).toString("base64")}`;
  }
}
