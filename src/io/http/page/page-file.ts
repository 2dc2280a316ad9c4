/** The page as one file that plays a recording without a server: all that it needs is inside. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { builtPage, readPage } from "./page.ts";

export type BuiltPage = {
  readonly html: string;
  /** What the HTML names, by the path it names it with, such as `assets/index-1a2b.js`. */
  readonly assets: ReadonlyMap<string, string>;
};

/** An element that has something beside the page, and the path of that. */
const assetElement = /<(script|link)\b[^>]*? (?:src|href)="\.\/([^"]+)"[^>]*>(?:<\/script>)?/g;

/** Undefined if it was never built. */
export async function readBuiltPage(folder = builtPage): Promise<BuiltPage | undefined> {
  const html = await readPage(join(folder, "index.html"));
  if (html === undefined) return undefined;
  const assets = new Map<string, string>();
  for (const [, , path = ""] of html.matchAll(assetElement)) {
    assets.set(path, await readFile(join(folder, path), "utf8"));
  }
  return { html, assets };
}

/**
 * @param recording the lines of a timeline.
 * @throws Error if the page was built in a way that does not fit into one file.
 */
export function makePageFile({ html, assets }: BuiltPage, recording: string): string {
  const hashes: Hashes = { script: [], style: [] };
  const whole = html.replace(assetElement, (element, tag: string, path: string) => {
    const content = assets.get(path);
    if (content === undefined) throw new Error(`the page names ${path}, which is not there`);
    return inlined(element, tag, path, content, hashes);
  });
  const head = /<head[^>]*>/i;
  const end = /<\/body>/i;
  if (!head.test(whole) || !end.test(whole)) throw new Error("the page has no head or no body");
  return whole
    .replace(head, (tag) => `${tag}\n    ${policyElement(hashes)}`)
    .replace(end, (tag) => `${recordingElement(recording)}\n  ${tag}`);
}

type Hashes = { readonly script: string[]; readonly style: string[] };

/** Each in the place of the element that names it; scripts and styles are noted by hash. */
function inlined(
  element: string,
  tag: string,
  path: string,
  content: string,
  hashes: Hashes,
): string {
  switch (extname(path)) {
    case ".js":
      if (tag !== "script") break;
      hashes.script.push(hashOf(content));
      return `<script type="module">${fitting("script", content, path)}</script>`;
    case ".css":
      hashes.style.push(hashOf(content));
      return `<style>${fitting("style", content, path)}</style>`;
    case ".svg": {
      const base64 = Buffer.from(content).toString("base64");
      return element.replace(`./${path}`, () => `data:image/svg+xml;base64,${base64}`);
    }
  }
  throw new Error(`the page needs ${path} as ${element}, which does not fit into one file`);
}

/** @throws Error if the element would end, or change its meaning, within its content. */
function fitting(tag: "script" | "style", content: string, path: string): string {
  if (!content.toLowerCase().includes(`</${tag}`) && !content.includes("<!--")) return content;
  throw new Error(`${path} holds </${tag} or <!--: it cannot stand inside of a page`);
}

/** @see CSP Level 3, hash-source */
function hashOf(content: string): string {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

/** Only the content of the file may run, and no requests are allowed. */
function policyElement({ script, style }: Hashes): string {
  const policy = [
    "default-src 'none'",
    `script-src ${script.join(" ")}`,
    `style-src ${style.join(" ")}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
}

/** In JSON a "<" stands in texts only, where it may be spelt out; so no line ends the element. */
function recordingElement(recording: string): string {
  const lines = recording.replaceAll("<", "\\u003c");
  return `  <script type="application/x-ndjson" id="recording">${lines}</script>`;
}
