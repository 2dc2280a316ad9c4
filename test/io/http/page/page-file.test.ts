/** The page as one file: what it holds, what it may do, and what could break out of it. */

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { type BuiltPage, makePageFile } from "../../../../src/io/http/page/page-file.ts";

const html = `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="./assets/icon-1.svg" />
    <script type="module" crossorigin src="./assets/index-2.js"></script>
    <link rel="stylesheet" crossorigin href="./assets/index-3.css">
  </head>
  <body>
    <div id="page"></div>
  </body>
</html>
`;
const code = "const price = '$&'; start(price);\n";
const style = ".page { color: red }\n";

function pageWith(changes: Readonly<Record<string, string>> = {}): BuiltPage {
  const assets = {
    "assets/icon-1.svg": "<svg/>",
    "assets/index-2.js": code,
    "assets/index-3.css": style,
    ...changes,
  };
  return { html, assets: new Map(Object.entries(assets)) };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

test("code, style and icon are inside, each as it was", () => {
  const file = makePageFile(pageWith(), "");
  expect(file).toContain(`<script type="module">${code}</script>`);
  expect(file).toContain(`<style>${style}</style>`);
  expect(file).toContain('<link rel="icon" href="data:image/svg+xml;base64,PHN2Zy8+" />');
  expect(file).not.toContain("assets/");
});

test("only what is inside may run, and nobody may be asked for anything", () => {
  const file = makePageFile(pageWith(), "");
  const [, head = "", policy] =
    /<head>\s*(<meta http-equiv="Content-Security-Policy" content="([^"]+)">)/.exec(file) ?? [];
  expect(file.indexOf(head)).toBeLessThan(file.indexOf("<script"));
  expect(policy).toBe(
    `default-src 'none'; script-src 'sha256-${sha256(code)}'; ` +
      `style-src 'sha256-${sha256(style)}'; img-src data:; base-uri 'none'; form-action 'none'`,
  );
});

test("the recording cannot break out of its element, and is read as it was", () => {
  const lines = `{"at":1,"type":"opening","note":"</script><!--<script>$&"}\n{"at":2}\n`;
  const file = makePageFile(pageWith(), lines);
  const [, content = ""] =
    /<script type="application\/x-ndjson" id="recording">(.*?)<\/script>/s.exec(file) ?? [];
  expect(content).not.toContain("<");
  const read = content.split("\n").map((line) => line && (JSON.parse(line) as unknown));
  const written = lines.split("\n").map((line) => line && (JSON.parse(line) as unknown));
  expect(read).toEqual(written);
});

test.each([
  ["code that ends its element", { "assets/index-2.js": "'</SCRIPT>'" }],
  ["code that opens a comment", { "assets/index-2.js": "'<!--<script>'" }],
  ["a style that ends its element", { "assets/index-3.css": "</style>" }],
])("%s is refused", (_, changes) => {
  expect(() => makePageFile(pageWith(changes), "")).toThrow("cannot stand inside of a page");
});

test("a page with something else beside it is refused", () => {
  const element = '<link rel="modulepreload" href="./assets/more-4.js">';
  const page = {
    ...pageWith({ "assets/more-4.js": "" }),
    html: html.replace("<link", element + "<link"),
  };
  expect(() => makePageFile(page, "")).toThrow("more-4.js");
  const gone = { ...pageWith(), assets: new Map<string, string>() };
  expect(() => makePageFile(gone, "")).toThrow("icon-1.svg, which is not there");
});
