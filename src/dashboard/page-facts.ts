/** What the page shows (a lab, a node or a recording): the server writes it into the head. */

import type { PageFacts } from "../contract/page-facts.ts";

/** A page without it was opened from a file, with its recording inside. */
export function readPageFacts(document: Document): PageFacts {
  const content = document.querySelector<HTMLMetaElement>('meta[name="powlab"]')?.content;
  return content === undefined ? { kind: "replay" } : decodePageFacts(content);
}

/** @throws Error if the server and the page do not fit together. */
function decodePageFacts(json: string): PageFacts {
  const facts: unknown = JSON.parse(json);
  if (typeof facts === "object" && facts !== null && "kind" in facts) {
    if (facts.kind === "lab" && "token" in facts && typeof facts.token === "string") {
      return { kind: "lab", token: facts.token };
    }
    if (facts.kind === "node" || facts.kind === "replay") return { kind: facts.kind };
  }
  throw new Error("this page is of another version of powlab: reload it");
}

/** The recording inside of an exported file; null if there is none. */
export function readInlineRecording(document: Document): string | null {
  return document.getElementById("recording")?.textContent ?? null;
}
