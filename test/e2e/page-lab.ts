/** One running lab and one browser, which all steps of a test of the page share. */

import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { LabEvent } from "../../src/contract/timeline.ts";
import { chromiumPath, openBrowser, type WatchedPage } from "./chromium.ts";
import { blocksShown, demandBuiltPage, visit } from "./page-scene.ts";
import { endAll, eventually, Program, temporaryFolder } from "./program.ts";

type EventOf<Type extends LabEvent["type"]> = Extract<LabEvent, { readonly type: Type }>;

export type Visit = {
  /** What is added to the address of the page. */
  readonly query?: string;
  /** Waits until the lab has started and so many blocks are drawn; 0 does not wait. */
  readonly blocksMin?: number;
  /** What is to be done before the page is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
};

export class PageLab {
  #lab: Program | undefined;
  #browser: Browser | undefined;

  /** Does nothing without chromium: then every step is skipped. */
  async start(): Promise<void> {
    if (chromiumPath === undefined) return;
    demandBuiltPage();
    this.#browser = await openBrowser();
    const data = join(temporaryFolder(), "lab");
    // One strong miner, so that both parts of a cut network find blocks.
    const flags = ["--json", "--api-port", "0", "--data", data, "--share", "alice=0.5"];
    this.#lab = new Program(["lab", ...flags]);
    await eventually(() => this.last("opening") !== undefined);
  }

  async end(): Promise<void> {
    await this.#browser?.close();
    await endAll();
  }

  /** Ends the lab without a chance to say so. */
  async kill(): Promise<void> {
    await this.#lab?.end("SIGKILL");
  }

  get url(): string {
    return this.last("opening")!.url;
  }

  /** The last event of this type that the lab printed. */
  last<Type extends LabEvent["type"]>(type: Type): EventOf<Type> | undefined {
    const line = this.#lab?.lines.findLast((each) => each["type"] === type);
    return line as unknown as EventOf<Type> | undefined;
  }

  /** Opens the page of the lab, as a new visitor without any settings. */
  async visit({ query = "", blocksMin = 0, prepare }: Visit = {}): Promise<WatchedPage> {
    const watched = await this.follow(this.url + query, prepare);
    if (blocksMin === 0) return watched;
    await eventually(() => this.last("started") !== undefined);
    await eventually(async () => (await blocksShown(watched.page)).length >= blocksMin);
    return watched;
  }

  /** Opens a link to the page. */
  async follow(link: string, prepare?: Visit["prepare"]): Promise<WatchedPage> {
    return visit(this.#browser!, link, prepare);
  }
}
