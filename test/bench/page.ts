/** The page in a real browser: its size, its first paint, its frames and its memory. */

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Router } from "express";
import type { Browser, Page } from "playwright-core";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { createApp } from "../../src/io/http/app.ts";
import { builtPage, neverBuilt, pageRoutes } from "../../src/io/http/page/page.ts";
import { serve } from "../../src/io/http/server.ts";
import { Timeline } from "../../src/lab/timeline/timeline.ts";
import { timelineRoutes } from "../../src/lab/timeline/timeline-routes.ts";
import { RestlessLab, usualLab } from "./made-up-lab.ts";
import { median, round, type Row } from "./measure.ts";

const scriptsMaxKilobytes = 120;
const firstPaintMaxMs = 1_000;
const loads = 5;
const usualLabMs = 600_000;
const blocksPerSecond = 20;
const blocksBefore = 300;
const tickMs = 1_000 / blocksPerSecond;
const settleMs = 2_000;
const warmUpMs = 3_000;
const countMs = 8_000;

/** Without a browser there is nothing to measure. */
export async function benchPage(): Promise<Row[]> {
  // Only here: it says so if there is no chromium, and other benchmarks need none.
  const { chromiumPath, openBrowser } = await import("../e2e/chromium.ts");
  if (chromiumPath === undefined) return [];
  const size = await sizeRow();
  const browser = await openBrowser();
  try {
    return [
      size,
      ...(await firstPaintRows(browser)),
      ...(await framesRows(browser)),
      await memoryRow(browser),
    ];
  } finally {
    await browser.close();
  }
}

async function sizeRow(): Promise<Row> {
  const folder = join(builtPage, "assets");
  const names = await readdir(folder).catch(() => {
    throw new Error(neverBuilt);
  });
  let sizeBytes = 0;
  for (const name of names.filter((each) => each.endsWith(".js"))) {
    sizeBytes += gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
  }
  const kilobytes = sizeBytes / 1_000;
  return {
    name: "all scripts of the page, compressed",
    value: round(kilobytes),
    unit: "kB",
    versus: `${scriptsMaxKilobytes} kB at most`,
    ratio: round(scriptsMaxKilobytes / kilobytes),
  };
}

async function firstPaintRows(browser: Browser): Promise<Row[]> {
  const lab = await serveLab(usualLab(usualLabMs));
  const whole: number[] = [];
  const empty: number[] = [];
  try {
    for (let i = 0; i < loads; i += 1) {
      whole.push(await timeFirstPaint(browser, lab.url));
      empty.push(await timeFirstPaint(browser, lab.url + emptyPath));
    }
  } finally {
    await lab.close();
  }
  const value = median(whole);
  const row = (versus: string, peer: number): Row => {
    const name = "first paint of the page";
    return { name, value: round(value), unit: "ms", versus, ratio: round(peer / value) };
  };
  return [
    row(`${firstPaintMaxMs} ms at most`, firstPaintMaxMs),
    row("a page of one word, from the same server", median(empty)),
  ];
}

/** Milliseconds from the request, with nothing in the browser's cache. */
async function timeFirstPaint(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage({ viewport: usualWindow });
  try {
    await page.goto(url);
    return await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            const [paint] = list.getEntriesByName("first-contentful-paint");
            if (paint !== undefined) resolve(paint.startTime);
          }).observe({ type: "paint", buffered: true });
        }),
    );
  } finally {
    await page.close();
  }
}

type Window = { readonly width: number; readonly height: number };

const usualWindow: Window = { width: 1280, height: 720 };
/** So large that sixteen branches are in view, with as many blocks of each. */
const largeWindow: Window = { width: 2560, height: 1440 };

async function framesRows(browser: Browser): Promise<Row[]> {
  const [joined, parted] = [RestlessLab.joined(), RestlessLab.parted()];
  const usual = { words: "one branch", window: usualWindow, lab: joined, drawnMin: 10 };
  const crowded = { words: "300 drawn", window: largeWindow, lab: parted, drawnMin: 300 };
  return [await framesRow(browser, usual), await framesRow(browser, crowded)];
}

type Flood = {
  readonly words: string;
  readonly window: Window;
  readonly lab: RestlessLab;
  /** Without so many boxes in the tree, something else would be measured. */
  readonly drawnMin: number;
};

async function framesRow(browser: Browser, flood: Flood): Promise<Row> {
  const { words, window, lab, drawnMin } = flood;
  const served = await serveLab(lab.find(blocksBefore));
  const page = await browser.newPage({ viewport: window });
  try {
    await page.goto(served.url);
    await page.waitForSelector(".tree-picture");
    await pause(settleMs);
    const idle = await countFrames(page);
    const stop = mineOn(served.timeline, lab);
    await pause(warmUpMs);
    const busy = await countFrames(page);
    stop();
    const drawn = await page.locator(".block").count();
    if (drawn < drawnMin) throw new Error(`the tree has ${drawn} boxes, not ${drawnMin}`);
    return {
      name: `frames at ${blocksPerSecond} blocks/s, ${words}`,
      value: round(busy),
      unit: "frames/s",
      versus: "the same page when nothing happens",
      ratio: round(busy / idle),
    };
  } finally {
    await page.close();
    await served.close();
  }
}

/** Tells a lab's blocks as time passes. */
function mineOn(timeline: Timeline, restless: RestlessLab): () => void {
  const startedAt = performance.now();
  let found = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / tickMs);
    for (const event of restless.find(due - found)) timeline.add(event, event.at);
    found = due;
  }, tickMs);
  return () => clearInterval(timer);
}

/** A second, by what the browser calls before it draws. */
function countFrames(page: Page): Promise<number> {
  return page.evaluate(async (durationMs) => {
    const startedAt = performance.now();
    let now = startedAt;
    let frames = 0;
    while (now - startedAt < durationMs) {
      now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames += 1;
    }
    return (frames * 1_000) / (now - startedAt);
  }, countMs);
}

async function memoryRow(browser: Browser): Promise<Row> {
  const full = await heapWith(browser, usualLab(usualLabMs));
  const empty = await heapWith(browser, []);
  return {
    name: "memory of the page, ten minutes of lab",
    value: round(full),
    unit: "MB",
    versus: "the same page, an empty timeline",
    ratio: round(empty / full),
  };
}

/** Megabytes that scripts hold. */
async function heapWith(browser: Browser, events: readonly LabEvent[]): Promise<number> {
  const lab = await serveLab(events);
  const page = await browser.newPage({ viewport: usualWindow });
  try {
    await page.goto(lab.url);
    await page.waitForSelector(events.length === 0 ? ".skeleton" : ".tree-picture");
    await pause(settleMs);
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize / 1e6;
  } finally {
    await page.close();
    await lab.close();
  }
}

type ServedLab = {
  readonly url: string;
  readonly timeline: Timeline;
  close(): Promise<void>;
};

const emptyPath = "/empty";
const emptyPage = "<!doctype html><title>empty</title><p>powlab";

/** The page and a timeline, as a lab serves them. */
async function serveLab(events: readonly LabEvent[]): Promise<ServedLab> {
  const data = await mkdtemp(join(tmpdir(), "powlab-bench-"));
  const timeline = await Timeline.open(join(data, "timeline.jsonl"));
  for (const event of events) timeline.add(event, event.at);
  const empty = Router().get("/", (_request, response) => {
    response.type("text/html").set("Cache-Control", "no-store").send(emptyPage);
  });
  const routes = {
    [emptyPath]: empty,
    "/lab": timelineRoutes(timeline),
    "/": pageRoutes({ kind: "lab", token: "none" }),
  };
  const server = await serve(createApp({ routes }), { port: 0 });
  return {
    url: server.url,
    timeline,
    close: async () => {
      await server.close();
      await timeline.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
