/** Checks the event stream: what is told, how it resumes, and its limits. */

import { Router } from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventJson, MissedJson } from "../../../../src/contract/node-api.ts";
import { createApp } from "../../../../src/io/http/app.ts";
import { EventLog } from "../../../../src/io/http/events/event-log.ts";
import { eventStream, streamsMax } from "../../../../src/io/http/events/event-stream.ts";
import { serve, type RunningServer } from "../../../../src/io/http/server.ts";
import { hashOfBlock, totalSizeOfBlock } from "../../../../src/primitives/block.ts";
import { txidOf } from "../../../../src/primitives/transaction.ts";
import { output, payment } from "../../../builders.ts";
import { shop } from "../../full-node-scene.ts";
import { ApiScene } from "../api-scene.ts";
import { Watcher } from "../watcher.ts";

describe("the log", () => {
  /** With events 11, 12, … */
  function logOf(count: number, eventsMax?: number): EventLog {
    const log = new EventLog(11, eventsMax);
    for (let i = 0; i < count; i++) log.add(`"${log.nextId}"`);
    return log;
  }

  test("numbers events from the first id on", () => {
    const log = logOf(3);
    expect(log).toMatchObject({ oldestId: 11, nextId: 14 });
    expect([10, 11, 13, 14].map((id) => log.get(id))).toEqual([
      undefined,
      '"11"',
      '"13"',
      undefined,
    ]);
  });

  test("can go on behind every event that it has, and before the first", () => {
    expect([10, 11, 13].map((id) => logOf(3).canResumeAfter(id))).toEqual([true, true, true]);
    expect(logOf(0).canResumeAfter(10)).toBe(true);
  });

  test("cannot go on behind one of an earlier run, or of another node", () => {
    expect([9, 14, 900].map((id) => logOf(3).canResumeAfter(id))).toEqual([false, false, false]);
  });

  test("forgets the oldest where it has room for no more", () => {
    const log = logOf(7, 4);
    expect(log).toMatchObject({ oldestId: 14, nextId: 18 });
    expect([13, 14, 17].map((id) => log.get(id))).toEqual([undefined, '"14"', '"17"']);
    expect([12, 13].map((id) => log.canResumeAfter(id))).toEqual([false, true]);
  });

  test("keeps 4,096 events of a node", () => {
    expect(logOf(5_000)).toMatchObject({ oldestId: 11 + 5_000 - 4_096 });
  });
});

describe("the stream", () => {
  let scene: ApiScene;
  let server: RunningServer;

  beforeEach(async () => {
    scene = await ApiScene.start();
    server = await serve(scene.app, { port: 0 });
  });

  const watch = (lastId?: string, query = "") => {
    return Watcher.open<Partial<EventJson>>(`${server.url}/api/v1/events${query}`, lastId);
  };

  afterEach(async () => {
    await server.close();
    await scene.stop();
  });

  test("tells of blocks, payments and reorganisations as they happen", async () => {
    const [coin] = await scene.fund(1);
    const watcher = await watch();
    const fork = scene.tip;
    const paid = payment({ from: [coin!], to: [output(1_000_000, shop.script)] });
    await scene.send(paid);
    const a1 = await scene.mine([paid]);
    const b1 = await scene.mine([], fork);
    const b2 = await scene.mine([], scene.entryOf(b1));

    const events = (await watcher.read(6)).map(({ data }) => data);
    expect(events).toMatchObject([
      { type: "transaction-admitted", txid: txidOf(paid), vsize: 111, from: null },
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
        work: scene.entryOf(a1).work.toString(16).padStart(64, "0"),
        txids: [txidOf(paid)],
        from: null,
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
    const first = await watch();
    const one = await scene.mine();
    const [accepted] = await first.read(2);
    await first.close();
    const two = await scene.mine();

    const again = await watch(accepted!.id);
    const events = (await again.read(3)).map(({ data }) => data);
    expect(events).toMatchObject([
      { type: "tip-extended", tip: hashOfBlock(one) },
      { type: "block-accepted", hash: hashOfBlock(two) },
      { type: "tip-extended", tip: hashOfBlock(two) },
    ]);
    await again.close();
  });

  test("goes on for a browser that cannot send headers; one that can is believed", async () => {
    const first = await watch();
    await scene.mine();
    const [accepted, extended] = await first.read(2);
    await first.close();
    const again = await watch(undefined, `?after=${accepted!.id}`);
    expect(await again.read(1)).toEqual([extended]);
    await again.close();
    const both = await watch(accepted!.id, "?after=12");
    expect(await both.read(1)).toEqual([extended]);
    await both.close();
  });

  test("says what cannot be told any more", async () => {
    await scene.mine();
    const watcher = await watch("12");
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
    expect(answer.body.detail).toContain('The header Last-Event-ID is "x"');
    const asked = await scene.api.get("/api/v1/events?after=-1").expect(400);
    expect(asked.body.detail).toContain('The query\'s after is "-1"');
  });

  test("has room for so many watchers, and again when one leaves", async () => {
    const watchers = await Promise.all(Array.from({ length: streamsMax }, () => watch()));
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

  test("tells a watcher that reads too slowly what it missed, and goes on", async () => {
    const log = new EventLog(1, 100);
    const router = Router().get("/events", eventStream(log));
    const busy = await serve(createApp({ routes: { "/": router } }), { port: 0 });
    const slow = await Watcher.open<number | MissedJson>(`${busy.url}/events`);
    const padding = " ".repeat(200_000); // more in all than connections hold
    for (let id = 1; id <= 400; id++) {
      log.add(`${id}${padding}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const messages = await slow.read(1);
    while (messages.at(-1)!.data !== 400) messages.push(...(await slow.read(1)));
    const gap = messages.findIndex(({ event }) => event === "missed");
    const numbers = (from: number, to: number) => {
      return Array.from({ length: to - from + 1 }, (_, i) => ({
        id: `${from + i}`,
        data: from + i,
      }));
    };
    expect(messages).toEqual([
      ...numbers(1, gap),
      { event: "missed", data: { after: gap, next: 301 } },
      ...numbers(301, 400),
    ]);
    await slow.close();
    await busy.close();
  });

  test("ends when the server closes", async () => {
    const watcher = await watch();
    const read = watcher.read(1);
    await Promise.all([expect(read).rejects.toThrow(), server.close()]);
  });
});
