/** `--log json`: what a node says on stderr as one JSON object a line. */

import { afterEach, expect, test } from "vitest";
import { regtest } from "../../src/consensus/params.ts";
import { Account } from "../../src/wallet/keys.ts";
import { endAll, eventually, type Line, NodeProgram, Program, temporaryFolder } from "./program.ts";

afterEach(endAll);

const { address } = new Account(`${"abandon ".repeat(11)}about`, regtest).keyAt({
  use: "receiving",
  index: 0,
});

function linesOf(stderr: string): Line[] {
  return stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

test("every event of a node is one line, and stdout is what --json makes it", async () => {
  const regtestMiner = ["--network", "regtest", "--mine", address, "--hashrate", "200"];
  const folder = ["--data", temporaryFolder(), "--name", "carol", "--threads", "1"];
  const node = await NodeProgram.start(...regtestMiner, ...folder, "--log", "json");
  await eventually(() => node.toldHeight >= 2);
  expect(await node.program.end("SIGTERM")).toBe(0);
  const lines = linesOf(node.program.stderr);
  for (const { time, level } of lines) {
    expect(new Date(String(time)).toISOString()).toBe(time);
    expect(level).toMatch(/^(info|warn|error)$/);
  }
  const { peerId, api, page, data } = node.ready;
  expect(lines.find(({ event }) => event === "started")).toMatchObject({
    node: "carol",
    facts: { peerId, api, page, data },
  });
  const blocks = lines.filter(({ event }) => event === "block-accepted");
  expect(blocks[0]).toMatchObject({ node: "carol", level: "info" });
  expect(blocks.map(({ facts }) => facts)).toEqual(
    node.program.lines.filter(({ type }) => type === "block-accepted"),
  );
  const said = lines.filter(({ event }) => event === "message").map(({ facts }) => facts);
  expect(said).toContainEqual({ message: "stopping …" });
});

test("what is wrong is a line of the log, too", async () => {
  const program = new Program([
    "node",
    "--log",
    "json",
    "--data",
    "/dev/null/no",
    "--api-port",
    "0",
  ]);
  expect(await program.ended).toBe(1);
  const lines = linesOf(program.stderr);
  expect(lines.at(-1)).toMatchObject({ level: "error", event: "problem" });
});
