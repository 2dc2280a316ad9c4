/** The page of a running lab, in a real browser: what a user sees and does, in this order. */

import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { chromiumPath, openBrowser, type WatchedPage } from "./chromium.ts";
import {
  allHashesShown,
  blocksShown,
  demandBuiltPage,
  drawAround,
  forksAbove,
  nodeIn,
  patienceMs,
  scrubTo,
  shoot,
  shownMs,
  TimelineFile,
  visit,
  wide,
} from "./page-scene.ts";
import { endAll, eventually, Program, temporaryFolder } from "./program.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

const nodeCount = 6;
/** Blocks come when they are found. */
const miningMaxMs = 240_000;

describe.skipIf(chromiumPath === undefined)("the page of a lab", () => {
  const data = join(temporaryFolder(), "lab");
  let lab: Program;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    demandBuiltPage();
    process.env["XDG_STATE_HOME"] = temporaryFolder();
    browser = await openBrowser();
    // One strong miner, so that both sides of a cut network go on.
    const flags = ["--json", "--api-port", "0", "--data", data, "--share", "alice=0.5"];
    lab = new Program(["lab", ...flags]);
    await eventually(() => lab.lines.length > 0);
    url = told("opening").url;
  });

  afterAll(async () => {
    await browser?.close();
    await endAll();
  });

  function told<Type extends LabEvent["type"]>(type: Type): EventOf<Type> {
    return lab.lines.findLast((line) => line["type"] === type) as unknown as EventOf<Type>;
  }

  async function closeClean({ page, errors, foreignRequests }: WatchedPage): Promise<void> {
    await page.context().close();
    expect({ errors, foreignRequests }).toEqual({ errors: [], foreignRequests: [] });
  }

  test("has its skeleton at once, then its nodes, and three blocks when they are mined", async () => {
    const answered = Promise.withResolvers<void>();
    const watched = await visit(browser, url, async (page) => {
      await page.route("**/lab/timeline", async (route) => {
        await answered.promise;
        await route.continue();
      });
    });
    const { page } = watched;
    await page.getByText("The nodes are starting.").waitFor();
    await page.getByText("This is the first block").waitFor();
    await page.getByText("connecting…").waitFor();
    expect(await blocksShown(page)).toEqual([]);
    await shoot(page, "01-skeleton");
    answered.resolve();

    for (const name of ["alice", "bob", "carol", "mallory", "shop", "observer"]) {
      await nodeIn(page, name).waitFor();
    }
    await page
      .getByRole("button", { name: /^block \d+ by \w+, on the best branch/ })
      .first()
      .waitFor();
    await shoot(page, "02-first-block");
    await eventually(async () => {
      const blocks = await blocksShown(page);
      return blocks.filter(({ label }) => / by \w+,/.test(label)).length >= 3;
    });
    await shoot(page, "03-three-blocks");
    await closeClean(watched);
  });

  test(
    "draws a cut network's branches as two lanes, and one best branch when it is healed",
    async () => {
      const watched = await visit(browser, url);
      const { page } = watched;
      await eventually(async () => (await blocksShown(page)).length > 0);
      await drawAround(page, "alice");
      await shoot(page, "04-lasso");
      await page.getByRole("button", { name: "Cut alice off" }).click();
      await eventually(() => told("partitioned") !== undefined);
      const cutAt = Math.max(...(await blocksShown(page)).map(({ height }) => height));
      const forks = async () => forksAbove(await blocksShown(page), cutAt - 1);
      /** Two of one height, and neither is stale. */
      const isForked = async (): Promise<boolean> => {
        const followed = (await forks()).map((each) => each.filter(({ isHatched }) => !isHatched));
        return followed.filter((blocks) => blocks.length > 1).length > 1;
      };
      await expect.poll(isForked, { timeout: miningMaxMs }).toBe(true);
      await shoot(page, "05-partition");

      await page.getByRole("button", { name: "Heal", exact: true }).click();
      const isSettled = async (): Promise<boolean> => {
        const rivals = await forks();
        return rivals.every((blocks) => {
          const best = blocks.filter(({ label }) => label.includes("on the best branch"));
          return best.length === 1 && blocks.filter(({ isHatched }) => isHatched).length > 0;
        });
      };
      await expect.poll(isSettled, { timeout: miningMaxMs }).toBe(true);
      await page.getByText(`${nodeCount}/${nodeCount}`, { exact: true }).waitFor();
      await shoot(page, "06-healed");
      await closeClean(watched);
    },
    2 * miningMaxMs,
  );

  test(
    "leads to an attack, whose verdict says what the shop and the attacker have",
    async () => {
      const watched = await visit(browser, url);
      const { page } = watched;
      const coach = page.getByRole("region", { name: "First steps" });
      for (const title of ["Look at a block", "Cut the network", "Go back in time"]) {
        await coach.getByRole("heading", { name: title }).waitFor();
        await coach.getByRole("button", { name: "Next →" }).click();
      }
      await coach.getByRole("button", { name: "Open the attack" }).click();
      await page.getByText("60 %").first().waitFor();
      await page.getByText("Asking what theory says").waitFor({ state: "detached" });
      await shoot(page, "07-attack-plan");
      await page.getByRole("button", { name: /^Start: steal/ }).click();

      const comes = (step: Locator) => step.waitFor({ timeout: miningMaxMs });
      const act = (title: string) =>
        page.getByRole("heading", { name: new RegExp(`^${title} \\((done|now)\\)`) });
      await comes(act("The shop is paid"));
      await shoot(page, "08-paid");
      await comes(page.getByRole("button", { name: /^block \d+ by mallory, withheld/ }).first());
      await shoot(page, "08-race");
      await comes(act("The shop delivers"));
      await shoot(page, "08-delivered");
      await comes(act("(The secret branch is published|She gives up)"));
      await shoot(page, "08-published");
      const verdict = page.getByRole("region", { name: "The verdict" });
      await comes(verdict);
      await shoot(page, "09-verdict");
      const { outcome } = told("verdict");
      const words = await verdict.innerText();
      expect(words).toMatch(outcome === "reversed" ? /shop\s+−/ : /shop/);
      expect(words).toMatch(outcome === "reversed" ? /mallory\s+\+/ : /mallory/);
      await closeClean(watched);
    },
    2 * miningMaxMs,
  );

  test("shows at any moment just the blocks that the timeline knows by then", async () => {
    const watched = await visit(browser, url);
    const { page } = watched;
    await page.setViewportSize(wide);
    await eventually(async () => (await blocksShown(page)).length > 0);
    for (const part of [0.4, 0.6, 0.8]) {
      let atMs = await scrubTo(page, part);
      const file = new TimelineFile(told("started").timeline);
      while (file.isClose(atMs)) {
        await page.getByRole("slider", { name: "Moment shown" }).press("ArrowRight");
        atMs = shownMs(page);
      }
      const expected = file.hashesAt(atMs);
      expect(expected.size).toBeGreaterThan(1);
      expect(expected.size).toBeLessThan(file.blocks.size);
      expect(await allHashesShown(page)).toEqual(expected);
    }
    const link = await visit(browser, page.url());
    await link.page.getByText("earlier moment", { exact: true }).waitFor();
    await shoot(link.page, "10-earlier");
    await closeClean(link);
    await closeClean(watched);
  });

  test("says in its address what is selected, so that a link shows the same", async () => {
    const first = await visit(browser, url);
    await eventually(async () => (await blocksShown(first.page)).length > 2);
    const { hash } = (await blocksShown(first.page)).at(1)!;
    await first.page.locator(`[data-hash="${hash}"]`).press("Enter");
    expect(new URL(first.page.url()).hash).toBe(`#block=${hash}`);
    const inspector = first.page.getByRole("tabpanel", { name: "Inspector" });
    const heading = await inspector.getByRole("heading").first().innerText();
    await shoot(first.page, "11-selected");

    const second = await visit(browser, first.page.url());
    await second.page.locator(`[data-hash="${hash}"][aria-pressed="true"]`).waitFor();
    const same = second.page.getByRole("tabpanel", { name: "Inspector" });
    await same.getByRole("heading", { name: heading }).first().waitFor();
    await closeClean(first);
    await closeClean(second);
  });

  test("has a look for projectors, and a light theme", async () => {
    const board = await visit(browser, `${url}?view=board`);
    await eventually(async () => (await blocksShown(board.page)).length > 2);
    expect(await board.page.getByRole("slider", { name: "Moment shown" }).count()).toBe(0);
    await shoot(board.page, "12-board");
    await closeClean(board);

    const light = await visit(browser, url);
    await eventually(async () => (await blocksShown(light.page)).length > 2);
    const ground = () => light.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await light.page.emulateMedia({ colorScheme: "light" });
    await expect.poll(ground).not.toBe(dark);
    await shoot(light.page, "13-light");
    await closeClean(light);
  });

  test(
    "keeps what it knows when the lab is killed, and says so",
    async () => {
      const { page, errors, foreignRequests } = await visit(browser, url);
      await eventually(async () => (await blocksShown(page)).length > 2);
      await lab.end("SIGKILL");
      await page.getByRole("alert").filter({ hasText: "The lab stopped at" }).waitFor();
      await page.getByRole("button", { name: "Step back" }).click();
      const atMs = shownMs(page);
      await page.getByRole("button", { name: "Step back" }).click();
      expect(shownMs(page)).toBeLessThan(atMs);
      expect((await blocksShown(page)).length).toBeGreaterThan(2);
      await shoot(page, "14-lost");
      await page.context().close();
      // The browser itself notes each time that nobody answers.
      const others = errors.filter((error) => !/net::ERR_/.test(error));
      expect({ others, foreignRequests }).toEqual({ others: [], foreignRequests: [] });
    },
    patienceMs * 2,
  );
});
