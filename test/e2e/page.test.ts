/**
 * The page of a running lab, in a real browser: what a user sees and does.
 *
 * All steps share one lab, so they run in this order. Only two depend on it: the first needs a lab
 * without blocks, the last one kills the lab. Every other step waits for what it needs.
 */

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromiumPath } from "./chromium.ts";
import { PageLab } from "./page-lab.ts";
import {
  allHashesShown,
  blocksShown,
  closeClean,
  drawAround,
  forksAbove,
  nodeIn,
  patienceMs,
  scrubTo,
  shoot,
  type ShownBlock,
  shownMs,
  TimelineFile,
  wide,
} from "./page-scene.ts";
import { eventually } from "./program.ts";

const nodes = ["alice", "bob", "carol", "mallory", "shop", "observer"];
/** How long a step may wait for blocks: they come at random. */
const miningMaxMs = 240_000;

const lab = new PageLab();
const step = test.skipIf(chromiumPath === undefined);

beforeAll(() => lab.start(), 2 * patienceMs);
afterAll(() => lab.end());

step("first its outline is shown, then its nodes, then the blocks that they mine", async () => {
  const timelineAllowed = Promise.withResolvers<void>();
  const watched = await lab.visit({
    prepare: async (page) => {
      await page.route("**/lab/timeline", async (route) => {
        await timelineAllowed.promise;
        await route.continue();
      });
    },
  });
  const { page } = watched;
  await page.getByText("The nodes are starting.").waitFor();
  await page.getByText("This is the first block").waitFor();
  await page.getByText("connecting…").waitFor();
  expect(await blocksShown(page)).toEqual([]);
  await shoot(page, "01-skeleton");
  timelineAllowed.resolve();

  for (const name of nodes) await nodeIn(page, name).waitFor();
  const mined = page.getByRole("button", { name: /^block \d+ by \w+, on the best branch/ });
  await mined.first().waitFor();
  await shoot(page, "02-first-block");
  await eventually(async () => {
    const blocks = await blocksShown(page);
    return blocks.filter(({ label }) => / by \w+,/.test(label)).length >= 3;
  });
  await shoot(page, "03-three-blocks");
  await closeClean(watched);
});

step(
  "a cut network grows two branches in two lanes, and keeps one of them when it is healed",
  async () => {
    const watched = await lab.visit({ blocksMin: 1 });
    const { page } = watched;
    await drawAround(page, "alice");
    await shoot(page, "04-lasso");
    await page.getByRole("button", { name: "Cut alice off" }).click();
    await eventually(() => lab.last("partitioned") !== undefined);
    const cutAt = Math.max(...(await blocksShown(page)).map(({ height }) => height));
    const forks = async () => forksAbove(await blocksShown(page), cutAt - 1);
    const isForked = async () => (await forks()).filter(areBothFollowed).length > 1;
    await expect.poll(isForked, { timeout: miningMaxMs }).toBe(true);
    await shoot(page, "05-partition");

    await page.getByRole("button", { name: "Heal", exact: true }).click();
    const isSettled = async () => (await forks()).every(isDecided);
    await expect.poll(isSettled, { timeout: miningMaxMs }).toBe(true);
    await page.getByText(`${nodes.length}/${nodes.length}`, { exact: true }).waitFor();
    await shoot(page, "06-healed");
    await closeClean(watched);
  },
  2 * miningMaxMs,
);

/** Whether at least two of these blocks of one height are not stale. */
function areBothFollowed(blocks: readonly ShownBlock[]): boolean {
  return blocks.filter(({ isHatched }) => !isHatched).length > 1;
}

/** Whether just one of these blocks of one height is on the best branch, and another is stale. */
function isDecided(blocks: readonly ShownBlock[]): boolean {
  const best = blocks.filter(({ label }) => label.includes("on the best branch"));
  return best.length === 1 && blocks.some(({ isHatched }) => isHatched);
}

step(
  "the first steps lead to an attack, whose verdict says what the shop and the attacker have",
  async () => {
    const watched = await lab.visit({ blocksMin: 1 });
    const { page } = watched;
    await planAttackByCoach(page);
    await shoot(page, "07-attack-plan");
    await page.getByRole("button", { name: /^Start: double spend/ }).click();

    const comes = (sign: Locator) => sign.waitFor({ timeout: miningMaxMs });
    const phase = (title: string) =>
      page.getByRole("heading", { name: new RegExp(`^${title} \\((done|now)\\)`) });
    await comes(phase("The shop is paid"));
    await shoot(page, "08-paid");
    await comes(page.getByRole("button", { name: /^block \d+ by mallory, withheld/ }).first());
    await shoot(page, "08-race");
    await comes(phase("The shop delivers"));
    await shoot(page, "08-delivered");
    await comes(phase("(The secret branch is published|She gives up)"));
    await shoot(page, "08-published");
    const verdict = page.getByRole("region", { name: "The verdict" });
    await comes(verdict);
    await shoot(page, "09-verdict");
    const { outcome } = lab.last("verdict")!;
    const words = await verdict.innerText();
    expect(words).toMatch(outcome === "reversed" ? /shop\s+−/ : /shop/);
    expect(words).toMatch(outcome === "reversed" ? /mallory\s+\+/ : /mallory/);
    await closeClean(watched);
  },
  2 * miningMaxMs,
);

/** Through all cards of the first steps, to the plan of the attack and its theory. */
async function planAttackByCoach(page: Page): Promise<void> {
  const coach = page.getByRole("region", { name: "First steps" });
  for (const title of ["Look at a block", "Cut the network", "Go back in time"]) {
    await coach.getByRole("heading", { name: title }).waitFor();
    await coach.getByRole("button", { name: "Next →" }).click();
  }
  await coach.getByRole("button", { name: "Open the attack" }).click();
  await page.getByText("60 %").first().waitFor();
  await page.getByText("Asking what theory says").waitFor({ state: "detached" });
}

step("an earlier moment has just the blocks that the timeline has up to then", async () => {
  const watched = await lab.visit({ blocksMin: 4 });
  const { page } = watched;
  await page.setViewportSize(wide);
  for (const part of [0.4, 0.6, 0.8]) {
    let atMs = await scrubTo(page, part);
    const file = new TimelineFile(lab.last("started")!.timeline);
    while (file.isClose(atMs)) {
      await page.getByRole("slider", { name: "Moment shown" }).press("ArrowRight");
      atMs = shownMs(page);
    }
    const expected = file.hashesAt(atMs);
    expect(expected.size).toBeGreaterThan(1);
    expect(expected.size).toBeLessThan(file.blocks.size);
    expect(await allHashesShown(page)).toEqual(expected);
  }
  const link = await lab.follow(page.url());
  await link.page.getByText("earlier moment", { exact: true }).waitFor();
  await shoot(link.page, "10-earlier");
  await closeClean(link);
  await closeClean(watched);
});

step("the address names the selection, so that a link shows the same", async () => {
  const first = await lab.visit({ blocksMin: 3 });
  const { hash } = (await blocksShown(first.page)).at(1)!;
  await first.page.locator(`[data-hash="${hash}"]`).press("Enter");
  expect(new URL(first.page.url()).hash).toBe(`#block=${hash}`);
  const inspector = first.page.getByRole("tabpanel", { name: "Inspector" });
  const heading = await inspector.getByRole("heading").first().innerText();
  await shoot(first.page, "11-selected");

  const second = await lab.follow(first.page.url());
  await second.page.locator(`[data-hash="${hash}"][aria-pressed="true"]`).waitFor();
  const same = second.page.getByRole("tabpanel", { name: "Inspector" });
  await same.getByRole("heading", { name: heading }).first().waitFor();
  await closeClean(first);
  await closeClean(second);
});

step("the projector view has no timeline", async () => {
  const projector = await lab.visit({ query: "?view=board", blocksMin: 3 });
  expect(await projector.page.getByRole("slider", { name: "Moment shown" }).count()).toBe(0);
  await shoot(projector.page, "12-board");
  await closeClean(projector);
});

step("the theme follows that of the system", async () => {
  const watched = await lab.visit({ blocksMin: 3 });
  const { page } = watched;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(background).not.toBe(dark);
  await shoot(page, "13-light");
  await closeClean(watched);
});

step(
  "a page whose lab was killed says so, and keeps all that it had",
  async () => {
    const { page, errors, foreignRequests } = await lab.visit({ blocksMin: 3 });
    await lab.kill();
    await page.getByRole("alert").filter({ hasText: "The lab stopped at" }).waitFor();
    await page.getByRole("button", { name: "Step back" }).click();
    const atMs = shownMs(page);
    await page.getByRole("button", { name: "Step back" }).click();
    expect(shownMs(page)).toBeLessThan(atMs);
    expect((await blocksShown(page)).length).toBeGreaterThan(2);
    await shoot(page, "14-lost");
    await page.context().close();
    // The browser itself reports each request that is not answered.
    const others = errors.filter((error) => !/net::ERR_/.test(error));
    expect({ others, foreignRequests }).toEqual({ others: [], foreignRequests: [] });
  },
  2 * patienceMs,
);
