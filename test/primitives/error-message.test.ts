/** Errors of the system reach people in words, with the file or the port that they are about. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { messageOf } from "../../src/primitives/error-message.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "powlab-test-"));
  writeFileSync(join(folder, "file"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

function thrownBy(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return messageOf(error);
  }
  throw new Error("nothing was thrown");
}

describe("files", () => {
  const place = (name: string) => join(folder, name);

  test("what is missing, in the way, or of another kind is named", () => {
    expect(thrownBy(() => readFileSync(place("none")))).toBe(`there is no ${place("none")}`);
    expect(thrownBy(() => mkdirSync(place("file"), { recursive: true }))).toBe(
      `${place("file")} is a file, not a folder`,
    );
    expect(thrownBy(() => readdirSync(place("file/x")))).toBe(
      `a part of the path ${place("file/x")} is a file, not a folder`,
    );
    expect(thrownBy(() => writeFileSync(place("file"), "", { flag: "wx" }))).toBe(
      `${place("file")} exists already`,
    );
    expect(thrownBy(() => writeFileSync(folder, ""))).toBe(`${folder} is a folder, not a file`);
    expect(thrownBy(() => readFileSync(place("x".repeat(300))))).toContain("is too long");
  });
});

test("a taken port is named, with a way out", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const second = createServer();
  const error = await new Promise<Error>((resolve) => {
    second.on("error", resolve).listen(address.port, "127.0.0.1");
  });
  expect(messageOf(error)).toBe(
    `port ${address.port} is taken; choose another, or 0 for any that is free`,
  );
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ["ENOSPC", "write", "the disk is full"],
  ["EMFILE", "open", "too many files are open"],
  ["EROFS", "open", "cannot be written"],
  ["ECONNREFUSED", "connect", "no program listens"],
])("%s is put into words", (code, syscall, words) => {
  const error = Object.assign(new Error(`${code}: as libuv says it`), { code, syscall });
  expect(messageOf(error)).toContain(words);
});

test("other errors keep their words", () => {
  expect(messageOf(new Error("a rule was broken"))).toBe("a rule was broken");
  expect(messageOf(Object.assign(new Error("own"), { code: "LEVEL_LOCKED" }))).toBe("own");
  expect(messageOf("text")).toBe("text");
});
