/** The page for protocols: a run in the browser's own worker, a fault in its past, the same link twice. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, openBrowser, type WatchedPage } from "./chromium.ts";
import { closeClean, demandBuiltPage, patienceMs, shoot, visit } from "./page-scene.ts";
import { endAll, eventually, Program } from "./program.ts";

describe.skipIf(chromiumPath === undefined)("the page for protocols", () => {
  let browser: Browser;
  /** Without a hash. */
  let url: string;
  let link: string;

  beforeAll(async () => {
    demandBuiltPage();
    browser = await openBrowser();
    const served = new Program(["protocol", "raft", "--seed", "7", "--page", "--json"]);
    await eventually(() => served.lines.length > 0);
    link = String(served.lines[0]?.["page"]);
    url = link.replace(/#.*/, "");
  }, 2 * patienceMs);

  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  async function open(address: string): Promise<WatchedPage> {
    const watched = await visit(browser, address);
    await watched.page.locator(".diagram-picture").waitFor();
    return watched;
  }

  /** The moment shown: in milliseconds, and how many events have happened. */
  async function momentOf(page: Page) {
    const output = page.locator(".controls-time");
    const atMs = Number(await output.getAttribute("data-at"));
    const shown = Number(await output.getAttribute("data-shown"));
    return { atMs, shown };
  }

  const sentence = (page: Page) => page.locator(".sentence span").textContent();
  const picture = (page: Page) => page.locator(".diagram-picture").innerHTML();
  const cards = (page: Page) => page.locator(".node-cards").innerHTML();
  const isComputed = (page: Page) => page.locator("[data-took-ms]").waitFor();

  test("opens at the first election, and draws lanes, messages and cards", async () => {
    const watched = await open(link);
    const { page } = watched;
    expect(await sentence(page)).toMatch(/^n\d becomes leader in term 1\.$/);
    expect(await page.locator(".diagram-name").count()).toBe(5);
    expect(await page.locator(".arrow-asks").count()).toBeGreaterThan(4);
    const leader = /^n\d/.exec((await sentence(page)) ?? "")?.[0];
    expect(await page.locator(`[data-node=${leader}]`).textContent()).toContain("★ leader");
    expect(await page.getByText("✓ holds:").count()).toBe(1);
    await shoot(page, "30-protocols");
    await closeClean(watched);
  });

  test("a crash in the past changes what follows, and nothing before", async () => {
    const watched = await open(`${url}#protocol=raft&seed=7&at=4000`);
    const { page } = watched;
    const [pictureBefore, cardsBefore] = [await picture(page), await cards(page)];
    await page.getByRole("button", { name: /^✕ Crash n\d, the leader$/ }).click();
    await isComputed(page);
    const { atMs, shown } = await momentOf(page);
    expect(atMs).toBe(4001);
    expect(await sentence(page)).toMatch(/^crash n\d\.$/);
    expect(page.url()).toContain("faults=crash+n");
    const told = await page.locator(".change-card").textContent();
    expect(told).toContain(`the ${shown - 1} events before are the same`);
    expect(told).toMatch(/n\d becomes leader in term 2/);
    await shoot(page, "31-protocols-crash");
    await page.keyboard.press("ArrowLeft");
    expect((await momentOf(page)).atMs).toBeLessThan(4001);
    // The same moment as before shows the same processes, and the picture another future.
    await page.goto(page.url().replace(/at=.*/, "at=4000"));
    await expect.poll(async () => (await momentOf(page)).atMs).toBe(4000);
    await expect.poll(() => picture(page)).not.toBe(pictureBefore);
    expect(await cards(page)).toBe(cardsBefore);
    await closeClean(watched);
  });

  test("the same address gives the same picture twice", async () => {
    const address = `${url}#protocol=raft&seed=3&faults=pause+%40leader+at+3000+for+2500&at=6000`;
    const [first, second] = [await open(address), await open(address)];
    expect((await momentOf(first.page)).atMs).toBe(6000);
    expect(await picture(second.page)).toBe(await picture(first.page));
    expect(await cards(second.page)).toBe(await cards(first.page));
    await closeClean(first);
    await closeClean(second);
  });

  test("ten steps back lead through the events before, and ten forward return", async () => {
    const watched = await open(`${url}#protocol=raft&seed=7&at=5000`);
    const { page } = watched;
    await page.keyboard.press("ArrowLeft");
    const begun = await momentOf(page);
    const seen = [begun.shown];
    for (let count = 0; count < 10; count++) {
      await page.keyboard.press("ArrowLeft");
      seen.push((await momentOf(page)).shown);
    }
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    await page.keyboard.press("Shift+ArrowRight");
    expect(await momentOf(page)).toEqual(begun);
    await closeClean(watched);
  });

  test("an arrow that is dropped ends on its way, and can be put back", async () => {
    const watched = await open(`${url}#protocol=raft&seed=7&at=4000`);
    const { page } = watched;
    const { x, y } = await middleOfArrow(page);
    await page.mouse.click(x, y);
    await page.getByText("A message, n").waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Step by").selectOption("message");
    await page.getByLabel("Step by").blur();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("m");
    await page.getByRole("button", { name: "✕ Drop it" }).click();
    await isComputed(page);
    expect(await page.locator(".arrow-by-schedule").count()).toBe(1);
    const line = page.getByLabel("Fault 1", { exact: true });
    expect(await line.inputValue()).toMatch(/^lose n\d n\d at \d+$/);
    await page.getByRole("button", { name: /^Remove lose/ }).click();
    await page.getByText("None. Levers add lines").waitFor();
    await expect.poll(() => page.locator(".arrow-by-schedule").count()).toBe(0);
    await closeClean(watched);
  });

  test("a history that no order explains is refused, and the judge leads to the place", async () => {
    const faults = "faults=split+n1+at+2000+for+9000";
    const watched = await open(`${url}#protocol=last-writer&seed=1&nodes=3&${faults}&at=20000`);
    const { page } = watched;
    await page.getByText("linearizability is broken").waitFor();
    await page.getByRole("button", { name: "Go there" }).click();
    expect((await momentOf(page)).atMs).toBeLessThan(20_000);
    expect(await page.locator(".operation-refused").count()).toBe(1);
    await shoot(page, "32-protocols-refused");
    await closeClean(watched);
  });

  test("a line that is no fault is refused in a sentence, and the run stays", async () => {
    const watched = await open(`${url}#protocol=raft&seed=7&at=4000`);
    const { page } = watched;
    const line = page.getByLabel("A new fault");
    await line.fill("crush n1 at 5");
    await line.press("Enter");
    await page.getByRole("alert").filter({ hasText: "crush is no fault" }).waitFor();
    await line.fill("crash n9 at 5");
    await line.press("Enter");
    await page.getByRole("alert").filter({ hasText: "there is no node n9" }).waitFor();
    expect(await page.locator(".arrow").count()).toBeGreaterThan(4);
    await closeClean(watched);
  });

  test("a link whose schedule has a mistake says which, and lets it be mended", async () => {
    const watched = await visit(browser, `${url}#seed=7&seconds=5&faults=crush+n2+at+1000`);
    const { page } = watched;
    await page.getByText("crush is no fault").waitFor();
    expect(await page.locator("main").getAttribute("aria-busy")).toBe("false");
    await page.getByLabel("Schedule of faults").fill("crash n2 at 1000");
    await page.keyboard.press("Enter");
    await page.locator(".diagram-picture").waitFor();
    expect(await page.getByLabel("Fault 1").inputValue()).toBe("crash n2 at 1000");
    expect(page.url()).toContain("seed=7");
    await closeClean(watched);
  });

  test("stays usable at the width of a telephone, and in the light", async () => {
    const small = await openSmall(browser, link);
    const { page } = small;
    const widthPx = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(widthPx).toBeLessThanOrEqual(375);
    expect(await page.getByRole("button", { name: "One step back" }).isVisible()).toBe(true);
    await shoot(page, "33-protocols-telephone");
    await closeClean(small);
  });
});

/** Where the first message that carries something can be pressed, away from all lanes. */
async function middleOfArrow(page: Page) {
  return page.locator(".diagram-picture").evaluate((picture) => {
    const { left, right } = picture.getBoundingClientRect();
    const lines = [...picture.querySelectorAll<SVGPathElement>(".arrow-carries .arrow-line")];
    const points = lines.map((line) => {
      const part = line.getPointAtLength(0.45 * line.getTotalLength());
      return new DOMPoint(part.x, part.y).matrixTransform(line.getScreenCTM()!);
    });
    const found = points.find(({ x }) => x > left + 20 && x < right - 20);
    if (found === undefined) throw new Error("no such message is in the picture");
    return { x: found.x, y: found.y };
  });
}

async function openSmall(browser: Browser, address: string): Promise<WatchedPage> {
  const watched = await visit(browser, address, async (page) => {
    await page.setViewportSize({ width: 375, height: 800 });
    await page.emulateMedia({ colorScheme: "light" });
  });
  await watched.page.locator(".diagram-picture").waitFor();
  return watched;
}
