/** Checks the event stream: what is told, how it resumes, and its limits. */

import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { Router } from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventJson } from "../../../src/api.ts";
import { createApp } from "../../../src/io/http/app.ts";
import { EventLog } from "../../../src/io/http/event-log.ts";
import { eventStream, streamsMax } from "../../../src/io/http/event-stream.ts";
import { serve, type RunningServer } from "../../../src/io/http/server.ts";
import type { Milliseconds, PeerId } from "../../../src/primitives/brand.ts";
import { hashOfBlock, totalSizeOfBlock } from "../../../src/primitives/block.ts";
import { txidOf } from "../../../src/primitives/transaction.ts";
import { output, payment } from "../../builders.ts";
import { Scene, shop } from "./scene.ts";

const at = 1_000 as Milliseconds;

describe("the log", () => {
  function logOf(count: number): EventLog {
    const log = new EventLog(5 as Milliseconds);
    for (let i = 0; i < count; i++) log.add({ type: "peer-left", peer: "p" as PeerId }, at);
    return log;
  }

  const ids = (log: EventLog, id: number) => log.since(id).events.map((event) => event.id);

  test("numbers events from the start's time on", () => {
    expect(ids(logOf(3), 5001)).toEqual([5002, 5003]);
    expect(logOf(3).since(5001).missed).toBeUndefined();
    expect(logOf(3).since(5003)).toEqual({ missed: undefined, events: [] });
  });

  test("has all that a watcher missed before the first event", () => {
    expect(logOf(2).since(5000)).toMatchObject({ missed: undefined, events: [{}, {}] });
  });

  test("tells a watcher of an earlier run, or of another node, that it missed something", () => {
    expect(logOf(2).since(17).missed).toEqual({ after: 17, next: 5001 });
    expect(ids(logOf(2), 17)).toEqual([5001, 5002]);
    expect(logOf(2).since(9000).missed).toEqual({ after: 9000, next: 5001 });
  });

  test("keeps 4,096 events and says so where that is too few", () => {
    const log = logOf(5_000);
    expect(log.since(5_500).missed).toEqual({ after: 5_500, next: 5_905 });
    expect(ids(log, 5_500)).toEqual(Array.from({ length: 4_096 }, (_, i) => 5_905 + i));
    expect(log.since(5_904)).toMatchObject({ missed: undefined });
    expect(log.since(5_904).events).toHaveLength(4_096);
  });
});

describe("the stream", () => {
  let scene: Scene;
  let server: RunningServer;

  beforeEach(async () => {
    scene = await Scene.start();
    server = await serve(scene.app, { port: 0 });
  });

  afterEach(async () => {
    await server.close();
    await scene.stop();
  });

  test("tells of blocks, payments and reorganisations as they happen", async () => {
    const [coin] = await scene.fund(1);
    const watcher = await Watcher.open(server.url);
    const fork = scene.tip;
    const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
    await scene.send(paid);
    const a1 = await scene.mine([paid]);
    const b1 = await scene.mine([], fork);
    const b2 = await scene.mine([], scene.entryOf(b1));

    const events = (await watcher.read(6)).map(({ data }) => data);
    expect(events).toMatchObject([
      { type: "transaction-admitted", txid: txidOf(paid), vsize: 111 },
      {
        type: "block-accepted",
        hash: hashOfBlock(a1),
        height: 102,
        previous: fork.hash,
        time: a1.header.time,
        bits: 0x207f_ffff,
        tx_count: 2,
        size: totalSizeOfBlock(a1),
        origin: "submitted",
        is_tip: true,
      },
      { type: "tip-extended", tip: hashOfBlock(a1), height: 102 },
      { type: "block-accepted", hash: hashOfBlock(b1), is_tip: false },
      { type: "block-accepted", hash: hashOfBlock(b2), is_tip: true },
      {
        type: "reorganised",
        tip: hashOfBlock(b2),
        depth: 1,
        fork_height: 101,
        back: [hashOfBlock(a1)],
        readmitted: [txidOf(paid)],
      },
    ]);
    const numbers = events.map(({ id }) => id!);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    await watcher.close();
  });

  test("goes on behind the last event that a watcher saw", async () => {
    const first = await Watcher.open(server.url);
    const one = await scene.mine();
    const [accepted] = await first.read(2);
    await first.close();
    const two = await scene.mine();

    const again = await Watcher.open(server.url, accepted!.id);
    const events = (await again.read(3)).map(({ data }) => data);
    expect(events).toMatchObject([
      { type: "tip-extended", tip: hashOfBlock(one) },
      { type: "block-accepted", hash: hashOfBlock(two) },
      { type: "tip-extended", tip: hashOfBlock(two) },
    ]);
    await again.close();
  });

  test("says what cannot be told any more", async () => {
    await scene.mine();
    const watcher = await Watcher.open(server.url, "12");
    const [missed, next] = await watcher.read(2);
    expect(missed).toMatchObject({ event: "missed", data: { after: 12, next: Number(next!.id) } });
    expect(next!.data.type).toBe("block-accepted");
    await watcher.close();
  });

  test("does not keep who asks for its headers only", async () => {
    const answer = await scene.api.head("/api/v1/events").expect(200);
    expect(answer.type).toBe("text/event-stream");
  });

  test("wants an event's id and nothing else", async () => {
    const answer = await scene.api.get("/api/v1/events").set("Last-Event-ID", "x").expect(400);
    expect(answer.body).toMatchObject({ code: "request-invalid" });
    expect(answer.body.detail).toContain('"x"');
  });

  test("has room for so many watchers, and again when one leaves", async () => {
    const watchers = await Promise.all(
      Array.from({ length: streamsMax }, () => Watcher.open(server.url)),
    );
    const refused = await fetch(`${server.url}/api/v1/events`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "too-many-streams" });
    await watchers.pop()!.close();
    await expect
      .poll(async () => {
        const answer = await fetch(`${server.url}/api/v1/events`);
        await answer.body?.cancel();
        return answer.status;
      })
      .toBe(200);
    for (const watcher of watchers) await watcher.close();
  });

  test("cuts off a watcher that does not read, who may come back", async () => {
    const log = new EventLog(at);
    const router = Router().get("/events", eventStream(log));
    const busy = await serve(createApp({ routes: { "/": router } }), { port: 0 });
    const [answer] = (await once(get(`${busy.url}/events`), "response")) as [IncomingMessage];
    answer.pause().on("error", () => {
      // Being cut off is what is wanted.
    });
    const reason = "x".repeat(100_000);
    for (let i = 0; i < 400; i++) log.add({ type: "peer-banned", peer: "p" as PeerId, reason }, at);
    const closed = new Promise((resolve) => answer.on("close", resolve));
    answer.resume();
    await closed;
    expect(answer.complete).toBe(false);
    await busy.close();
  });

  test("ends when the server closes", async () => {
    const watcher = await Watcher.open(server.url);
    const read = watcher.read(1);
    await Promise.all([expect(read).rejects.toThrow(), server.close()]);
  });
});

type Message = {
  readonly id?: string;
  readonly event?: string;
  readonly data: Partial<EventJson>;
};

/** Reads server-sent events. */
class Watcher {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";

  static async open(url: string, lastId?: string): Promise<Watcher> {
    const headers: Record<string, string> = lastId === undefined ? {} : { "Last-Event-ID": lastId };
    const answer = await fetch(`${url}/api/v1/events`, { headers });
    expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
    return new Watcher(answer.body!.getReader());
  }

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  async read(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    while (messages.length < count) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const message = parseMessage(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 2);
        if (message !== undefined) messages.push(message);
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("the stream ended");
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    return messages;
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

function parseMessage(text: string): Message | undefined {
  const fields = new Map(
    text.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const data = fields.get("data");
  if (data === undefined) return undefined;
  const [id, event] = [fields.get("id"), fields.get("event")];
  return {
    ...(id && { id }),
    ...(event && { event }),
    data: JSON.parse(data) as Partial<EventJson>,
  };
}
