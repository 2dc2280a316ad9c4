/** The web pages: HTML files with the facts that they begin with, and assets whose names are hashes. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Response, Router } from "express";
import type { PageFacts, ProtocolsPageFacts } from "../../../contract/page-facts.ts";

/** Where Vite puts the page, seen from the compiled file and from its source. */
const places = { js: "../../../../dashboard/", ts: "../../../../dist/dashboard/" };
const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
export const builtPage = fileURLToPath(new URL(places[ending], import.meta.url));

export const neverBuilt = "The page was never built: `npm run build` makes it.";

/** All that the page needs is beside it, and no other page may frame it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * Mounted at /: the page of a lab, a node or a recording, and the one for protocols beside it.
 *
 * @param folder with index.html, protocols.html and assets/.
 */
export function pageRoutes(facts: PageFacts, folder = builtPage): Router {
  const router = Router();
  router.get("/", (_request, response) => sendPage(response, join(folder, "index.html"), facts));
  router.use(protocolsPageRoutes({ beside: facts.kind }, folder));
  return router;
}

/** The page for protocols, which runs the simulator itself and asks the server for nothing. */
export function protocolsPageRoutes(facts: ProtocolsPageFacts, folder = builtPage): Router {
  const router = Router();
  router.get("/protocols", (_request, response) => {
    return sendPage(response, join(folder, "protocols.html"), facts);
  });
  const options = {
    immutable: true,
    maxAge: "1y",
    index: false,
    redirect: false,
    setHeaders: protect,
  } as const;
  router.use("/assets", express.static(join(folder, "assets"), options));
  return router;
}

async function sendPage(
  response: Response,
  path: string,
  facts: PageFacts | ProtocolsPageFacts,
): Promise<void> {
  const html = await readPage(path);
  protect(response).set("Cache-Control", "no-store"); // it names assets and may bear the token
  if (html === undefined) response.status(503).type("text/plain").send(`${neverBuilt}\n`);
  else response.type("text/html").send(withFacts(html, facts));
}

function protect(response: Response): Response {
  return response.set("Content-Security-Policy", contentSecurityPolicy);
}

/** Undefined if it was never built. */
export async function readPage(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function withFacts(html: string, facts: PageFacts | ProtocolsPageFacts): string {
  const content = escaped(JSON.stringify(facts));
  const marked = html.replace(/<head[^>]*>/i, (head) => {
    return `${head}<meta name="powlab" content="${content}">`;
  });
  if (marked === html) throw new Error("the page has no head to write into");
  return marked;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** For an attribute in double quotes. */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
