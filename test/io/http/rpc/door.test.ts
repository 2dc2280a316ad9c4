import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson } from "../../../../src/io/http/rpc/call/json.ts";
import { differencesOf } from "./comparison.ts";
import { type RecordedExchange, recordedExchanges, RecordedNode } from "./recording.ts";

/** By the number of the exchange; all others are answered as Core does. */
const differences: Readonly<Record<number, string>> = {
  58: "GET / reads the page",
  60: "HEAD / reads the page",
  61: "Core sends no text to DELETE",
  62: "OPTIONS / is refused as any other path is",
  63: "GET / reads the page",
  64: "a path that is not there is explained",
  65: "a path that is not there is explained",
  67: "a query is ignored",
};

let node: RecordedNode;
beforeAll(async () => {
  node = await RecordedNode.start();
});
afterAll(() => node.stop());

test("requests over HTTP are answered as Core answers them, but for what is named", async () => {
  const all = recordedExchanges();
  const problems = new Map<number, string[]>();
  for (const each of all) {
    const found = await compare(each);
    if (found.length > 0) problems.set(each.n, found);
  }
  process.stdout.write(`${all.length - problems.size} of ${all.length} exchanges equal Core's\n`);
  const unnamed = [...problems].filter(([n]) => differences[n] === undefined);
  expect(unnamed).toEqual([]);
  expect([...problems.keys()].map(String)).toEqual(Object.keys(differences));
  expect(node.failures).toEqual([]);
});

async function compare({
  request,
  status,
  type,
  response,
  cut,
}: RecordedExchange): Promise<string[]> {
  const { method, path, auth, body } = request;
  const contentType =
    request["content-type"] === undefined ? "application/json" : request["content-type"];
  const headers: Record<string, string> = {};
  if (contentType !== null) headers["Content-Type"] = contentType;
  const secret = auth === "wrong" ? "__cookie__:no" : node.full.cookie;
  const basic = `Basic ${Buffer.from(secret).toString("base64")}`;
  if (auth !== "none")
    headers["Authorization"] = auth === "right" || auth === "wrong" ? basic : auth;
  const answer = await fetch(`${node.url}${path}`, {
    method,
    headers,
    ...(body !== null && { body }),
  });
  const problems: string[] = [];
  if (answer.status !== status) problems.push(`status ${status} ≠ ${answer.status}`);
  const { headers: got } = answer;
  if (got.get("content-type") !== type) problems.push(`type ${type} ≠ ${got.get("content-type")}`);
  const text = await answer.text();
  if (cut === true) return [...problems, ...cutDifferences(response, text)];
  return text === response ? problems : [...problems, `${response} ≠ ${text}`];
}

function cutDifferences(expected: string, actual: string): string[] {
  const [error, found] = [readJson(expected)!, readJson(actual)!];
  return differencesOf("", { error, isCut: true }, { error: found, isCut: false });
}
