/** The page without a lab: a recording that is served, the same in a file, and one node alone. */

import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { chromiumPath, openBrowser, type WatchedPage } from "./chromium.ts";
import {
  allHashesShown,
  blocksShown,
  closeClean,
  demandBuiltPage,
  patienceMs,
  scrubTo,
  shoot,
  TimelineFile,
  visit,
  wide,
} from "./page-scene.ts";
import { endAll, eventually, NodeProgram, Program, temporaryFolder } from "./program.ts";

describe.skipIf(chromiumPath === undefined)("the page without a lab", () => {
  const folder = temporaryFolder();
  const timeline = join(folder, "lab", "timeline.jsonl");
  const exported = join(folder, "lab.html");
  let recorded: TimelineFile;
  let browser: Browser;

  beforeAll(async () => {
    demandBuiltPage();
    browser = await openBrowser();
    const flags = ["--json", "--api-port", "0", "--duration", "12", "--data", join(folder, "lab")];
    expect(await new Program(["lab", ...flags]).ended).toBe(0);
    recorded = new TimelineFile(timeline);
  }, 2 * patienceMs);

  afterEach(endAll);
  afterAll(() => browser?.close());

  /** It plays by itself; it is compared with the timeline at two moments, and at its end. */
  async function watch(watched: WatchedPage, name: string): Promise<void> {
    const { page } = watched;
    await page.getByRole("status").filter({ hasText: "recording" }).waitFor();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await shoot(page, name);
    await page.setViewportSize(wide);
    for (const part of [0.5, 0.7]) {
      const atMs = await scrubTo(page, part);
      if (recorded.isClose(atMs)) continue;
      expect(await allHashesShown(page)).toEqual(recorded.hashesAt(atMs));
    }
    await page.getByRole("button", { name: /^END/ }).click();
    expect(recorded.blocks.size).toBeGreaterThan(1);
    await expect.poll(() => allHashesShown(page)).toEqual(new Set(recorded.blocks.keys()));
    const cut = page.getByRole("button", { name: "Cut nodes off" });
    expect(await cut.isDisabled()).toBe(true);
    await closeClean(watched);
  }

  test("plays a timeline that `powlab replay` serves", async () => {
    const replay = new Program(["replay", timeline, "--api-port", "0", "--json"]);
    await eventually(() => replay.lines.length > 0);
    const { page, ...facts } = replay.lines[0]!;
    expect(facts).toMatchObject({ type: "ready", file: timeline, isTorn: false });
    await watch(await visit(browser, String(page)), "20-replay");
    expect(await replay.end("SIGINT")).toBe(0);
  });

  test("plays from a file that `powlab export` wrote, without any network", async () => {
    const written = new Program(["export", timeline, "--html", exported, "--json"]);
    expect(await written.ended).toBe(0);
    const { size } = statSync(exported);
    expect(written.lines).toMatchObject([{ type: "exported", file: exported, sizeBytes: size }]);
    const watched = await visit(browser, pathToFileURL(exported).href, (page) =>
      page.context().setOffline(true),
    );
    await watch(watched, "21-exported");
  });

  test("shows the blocks that one node mines", async () => {
    const program = new Uint8Array(32).fill(2);
    const address = encodeWitnessAddress({ prefix: "pow", version: 1, program });
    const where = ["--data", join(folder, "node"), "--listen", "/ip4/127.0.0.1/tcp/0"];
    const miner = ["--mine", address, "--threads", "1", "--hashrate", "60000"];
    const node = await NodeProgram.start(...where, ...miner);
    const watched = await visit(browser, node.ready.page);
    const { page } = watched;
    await eventually(async () => (await blocksShown(page)).length >= 4);
    await shoot(page, "22-node");
    const blocks = await blocksShown(page);
    const { hash, height } = blocks.reduce((a, b) => (b.height > a.height ? b : a));
    expect(await node.get(`/block-height/${height}`)).toBe(hash);
    expect(await page.getByRole("tab", { name: "Attack" }).count()).toBe(0);
    await closeClean(watched);
    await node.program.end("SIGTERM");
  });
});
