/** The report of `powlab experiment all --html`, opened in a browser that has no network. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { chromiumPath, inkOf, openBrowser, openPage } from "./chromium.ts";
import { endAll, Program } from "./program.ts";

/** Millions of races: half a minute where nothing else runs. */
const reportTimeoutMs = 240_000;

describe.skipIf(chromiumPath === undefined)("the report", () => {
  const folder = temporaryFolder("powlab-report");
  const file = join(folder, "report.html");
  let browser: Browser;

  beforeAll(async () => {
    const program = new Program([
      ...["experiment", "all", "--group", "proof-of-work", "--html", file, "--json", "--quiet"],
    ]);
    expect(await program.ended).toBe(0);
    browser = await openBrowser();
  }, reportTimeoutMs);

  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  test("shows all tables and charts without a network", async () => {
    const { page, errors, foreignRequests } = await openPage(browser, undefined);
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(file).href);

    const headings = await page.locator("h2").allTextContents();
    expect(headings).toEqual([
      "Double spend",
      "Selfish mining",
      "Partition",
      "Stale blocks",
      "Difficulty and time",
      "Overtaking",
      "Attempts",
      "Blocks without memory",
      "Payments a second",
    ]);
    const tables = await page.locator("table").all();
    expect(tables).toHaveLength(14);
    for (const table of tables) {
      expect(await table.isVisible()).toBe(true);
      expect(await table.locator("tbody tr").count()).toBeGreaterThan(2);
    }
    const charts = await page.locator("svg").all();
    expect(charts).toHaveLength(5);
    for (const chart of charts) {
      expect(await inkOf(browser, await chart.screenshot())).toBeGreaterThan(0.01);
    }
    expect({ errors, foreignRequests }).toEqual({ errors: [], foreignRequests: [] });
  });

  test("marks the thresholds of selfish mining in its chart", async () => {
    const { page } = await openPage(browser, undefined);
    await page.goto(pathToFileURL(file).href);
    const chart = page.locator("svg", { hasText: "part of the blocks" });
    for (const words of ["gamma 0: 0.333", "gamma 0.5: 0.25", "gamma 1: 0"]) {
      expect(await chart.getByText(words).count()).toBe(1);
    }
  });
});
