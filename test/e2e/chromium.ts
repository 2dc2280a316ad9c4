/** A real browser for tests: Debian's chromium, or the one that CHROMIUM names. */

import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Undefined if there is none; then a suite skips its tests. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

if (chromiumPath === undefined) {
  console.error("No chromium is here: what needs one is skipped (apt-get install chromium).");
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? "",
    // Tests may run as root; and nothing but what a page asks for may touch the network.
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
}

/** A page, with everything that it should not have done. */
export type WatchedPage = {
  readonly page: Page;
  /** Errors on its console, and exceptions that nobody caught. */
  readonly errors: string[];
  /** Addresses that it asked for, other than files, data and its own host. */
  readonly foreignRequests: string[];
};

/** @param host the only one that it may ask, such as `127.0.0.1:8477`; none if it is undefined. */
export async function openPage(browser: Browser, host: string | undefined): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const errors: string[] = [];
  const foreignRequests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const isOwn = ["file:", "data:", "blob:"].includes(url.protocol) || url.host === host;
    if (!isOwn) foreignRequests.push(request.url());
  });
  return { page, errors, foreignRequests };
}

/** What part of a picture is not of its most common colour: 0 for a blank one. */
export async function inkOf(browser: Browser, png: Buffer): Promise<number> {
  const page = await browser.newPage();
  try {
    return await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      if (context === null) throw new Error("this browser has no canvas");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const counts = new Map<number, number>();
      for (const colour of new Uint32Array(data.buffer)) {
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return 1 - Math.max(...counts.values()) / (data.length / 4);
    }, png.toString("base64"));
  } finally {
    await page.close();
  }
}
