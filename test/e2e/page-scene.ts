/** What the tests of the page do with it, and what they read from it and from its timeline. */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { openPage, type WatchedPage } from "./chromium.ts";

/** More than anything takes that is not mined. */
export const patienceMs = 60_000;

const builtPage = resolve(import.meta.dirname, "..", "..", "dist", "dashboard", "index.html");

/** @throws Error that says how to build it. */
export function demandBuiltPage(): void {
  if (!existsSync(builtPage))
    throw new Error("The page was never built: `npm run build` makes it.");
}

/**
 * Opens an address, and waits for no more than the page itself.
 *
 * @param prepare what is to be done before.
 */
export async function visit(
  browser: Browser,
  url: string,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<WatchedPage> {
  const { protocol, host } = new URL(url);
  const watched = await openPage(browser, protocol === "file:" ? undefined : host);
  watched.page.setDefaultTimeout(patienceMs);
  await watched.page.emulateMedia({ colorScheme: "dark" });
  await prepare(watched.page);
  await watched.page.goto(url, { waitUntil: "domcontentloaded" });
  return watched;
}

/** Closes a page that must have had no errors, and have asked no other host. */
export async function closeClean({ page, errors, foreignRequests }: WatchedPage): Promise<void> {
  await page.context().close();
  expect({ errors, foreignRequests }).toEqual({ errors: [], foreignRequests: [] });
}

/** Keeps a picture, if PAGE_SCREENSHOTS names a folder for them. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["PAGE_SCREENSHOTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

export type ShownBlock = {
  readonly hash: string;
  /** As those hear it who cannot see it. */
  readonly label: string;
  readonly height: number;
  /** Pixels from the upper edge of the window: blocks of one lane have the same. */
  readonly top: number;
  readonly isHatched: boolean;
};

/** The blocks that are drawn now. */
export async function blocksShown(page: Page): Promise<readonly ShownBlock[]> {
  return page.locator("[data-hash]").evaluateAll((boxes) =>
    boxes.map((box) => {
      const label = box.getAttribute("aria-label") ?? "";
      return {
        hash: box.getAttribute("data-hash") ?? "",
        label,
        height: Number(/^block (\d+)/.exec(label)?.[1]),
        top: box.getBoundingClientRect().top,
        isHatched: box.querySelector(".block-hatch") !== null,
      };
    }),
  );
}

/** Less than between two lanes, more than a box moves while it appears. */
const laneMinPx = 30;

/** Above a height, from the lowest up: blocks of one height, if they stand in lanes of their own. */
export function forksAbove(blocks: readonly ShownBlock[], height: number): readonly ShownBlock[][] {
  const heights = new Set(blocks.map((block) => block.height).filter((each) => each > height));
  const rows = [...heights].sort((a, b) => a - b);
  const rivals = rows.map((each) => blocks.filter((block) => block.height === each));
  return rivals.filter(([first, second]) => {
    return first && second && Math.abs(first.top - second.top) > laneMinPx;
  });
}

/** Every block of the moment that is shown: in a window so wide that none is out of view. */
export async function allHashesShown(page: Page): Promise<ReadonlySet<string>> {
  const runs = page.getByRole("button", { name: /blocks in a row/ });
  while ((await runs.count()) > 0) await runs.first().click();
  return new Set((await blocksShown(page)).map(({ hash }) => hash));
}

/** Wide enough to have some two hundred heights in view at once. */
export const wide = { width: 24_000, height: 900 };

/** Draws a line around one node: it begins on empty ground. */
export async function drawAround(page: Page, name: string): Promise<void> {
  const radiusPx = 36;
  const circle = await nodeIn(page, name).evaluate((node, radius) => {
    const { x, y, width, height } = node.querySelector(".node-disc")!.getBoundingClientRect();
    const angles = Array.from({ length: 25 }, (_, i) => (2 * Math.PI * i) / 24);
    const points = angles.map((angle) => ({
      x: x + width / 2 + radius * Math.cos(angle),
      y: y + height / 2 + radius * Math.sin(angle),
    }));
    const isGround = (point: { x: number; y: number }): boolean =>
      document.elementFromPoint(point.x, point.y)?.classList.contains("graph-ground") === true;
    const start = points.findIndex(isGround);
    return [...points.slice(start), ...points.slice(1, start + 1)];
  }, radiusPx);
  const [start, ...others] = circle;
  await page.mouse.move(start!.x, start!.y);
  await page.mouse.down();
  for (const { x, y } of others) await page.mouse.move(x, y);
  await page.mouse.up();
}

export function nodeIn(page: Page, name: string) {
  return page.getByRole("button", { name: new RegExp(`^${name}, (miner|shop|observer),`) });
}

/**
 * Presses the timeline at a part of its length.
 *
 * @returns the moment that the page's address then names, in milliseconds since the first event.
 */
export async function scrubTo(page: Page, part: number): Promise<number> {
  const track = page.getByRole("slider", { name: "Moment shown" });
  const { x, y, width, height } = (await track.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * part, y + height / 2, { steps: 5 });
  await page.mouse.up();
  return shownMs(page);
}

export function shownMs(page: Page): number {
  return 1_000 * Number(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("t") ?? NaN);
}

/** A timeline's file, read without any of the page's code. */
export class TimelineFile {
  /** When each block was first told of, since the first event. */
  readonly blocks = new Map<string, number>();

  constructor(path: string) {
    let from: number | undefined;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      const event = eventIn(line);
      if (event === undefined) continue;
      from ??= event.at;
      const hash = hashIn(event);
      if (hash !== undefined && !this.blocks.has(hash)) this.blocks.set(hash, event.at - from);
    }
  }

  hashesAt(atMs: number): ReadonlySet<string> {
    return new Set([...this.blocks].flatMap(([hash, toldMs]) => (toldMs <= atMs ? [hash] : [])));
  }

  /** Whether a block came so shortly before or after that its place among the lines decides. */
  isClose(atMs: number): boolean {
    return [...this.blocks.values()].some((toldMs) => Math.abs(toldMs - atMs) < 50);
  }
}

/** Undefined for half a line, which a lab that was killed may leave. */
function eventIn(line: string): LabEvent | undefined {
  try {
    return JSON.parse(line) as LabEvent;
  } catch {
    return undefined;
  }
}

function hashIn(event: LabEvent): string | undefined {
  if (event.type === "block") return event.hash;
  if (event.type === "node-up") return event.tip;
  const isBlock = event.type === "news" && event.news.type === "block-accepted";
  return isBlock ? event.news.hash : undefined;
}
