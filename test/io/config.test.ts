/** The operator's choices: which source counts, and what is said about mistakes. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError, type NodeConfig, readConfig } from "../../src/io/config.ts";
import { encodeWitnessAddress } from "../../src/primitives/address.ts";
import { payToTaproot } from "../../src/primitives/script.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

function fileWith(text: string): string {
  const file = join(folder, "node.toml");
  writeFileSync(file, text);
  return file;
}

type Flags = Parameters<typeof readConfig>[0];

function read(flags: Flags, env: NodeJS.ProcessEnv = {}): NodeConfig {
  return readConfig(flags, env);
}

function problemsOf(flags: Flags, env: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    readConfig(flags, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const program = new Uint8Array(32).fill(121);
const labAddress = encodeWitnessAddress({ prefix: "pow", version: 1, program });

describe("choices", () => {
  test("have defaults: a node of the lab network that mines nothing", () => {
    const { threads, ...config } = read({});
    expect(config).toMatchObject({
      params: { name: "lab" },
      data: undefined,
      name: undefined,
      listen: ["/ip4/127.0.0.1/tcp/0"],
      connect: undefined,
      apiPort: "usual",
      mine: undefined,
      hashrate: undefined,
      hasher: undefined,
      log: "words",
    });
    expect(threads).toBeGreaterThanOrEqual(1);
  });

  test("by flag count more than those in the environment, and those more than the file's", () => {
    const config = fileWith('name = "file"\napi-port = 1\nthreads = 3\n');
    const env = { POWLAB_NAME: "environment", POWLAB_API_PORT: "2", HOME: "/nowhere" };
    expect(read({ config, name: "flag" }, env)).toMatchObject({
      name: "flag",
      apiPort: 2,
      threads: 3,
    });
    expect(read({}, { POWLAB_CONFIG: config })).toMatchObject({ name: "file" });
  });

  test("of addresses are lists: flags repeated, variables with commas, arrays in the file", () => {
    const [one, two] = ["/ip4/127.0.0.1/tcp/1", "/ip4/127.0.0.1/tcp/2"];
    const config = fileWith(`listen = "${one}"\nconnect = ["${one}", "${two}"]`);
    expect(read({ config })).toMatchObject({ listen: [one], connect: [one, two] });
    expect(read({ connect: [one, two] }).connect).toEqual([one, two]);
    expect(read({}, { POWLAB_CONNECT: `${one}, ${two}` }).connect).toEqual([one, two]);
  });

  test("of whom to admit are origins and names, and nothing like them", () => {
    const flags = { cors: ["https://a.example", "http://b.example:81"], "allow-host": ["powlab"] };
    expect(read(flags).access).toEqual({ origins: flags.cors, hosts: ["powlab"] });
    expect(read({}).access).toEqual({ origins: [], hosts: [] });
    expect(read({}, { POWLAB_ALLOW_HOST: "a, b" }).access.hosts).toEqual(["a", "b"]);
    for (const origin of ["*", "a.example", "https://a.example/", "ftp://a.example", "null"]) {
      expect(problemsOf({ cors: [origin] })).toEqual([expect.stringContaining("without a path")]);
    }
    for (const host of ["*", "powlab:8477", "http://powlab", ""]) {
      expect(problemsOf({ "allow-host": [host] })).toEqual([
        expect.stringContaining("without a port"),
      ]);
    }
  });

  test("of no node to connect with are an empty list", () => {
    expect(read({ connect: ["none"] }).connect).toEqual([]);
    expect(read({}, { POWLAB_CONNECT: "none" }).connect).toEqual([]);
    expect(problemsOf({ connect: ["none", "/ip4/127.0.0.1/tcp/1"] })).toHaveLength(1);
  });

  test("of an address to mine for become its script", () => {
    expect(read({ mine: labAddress }).mine).toEqual({
      address: labAddress,
      script: payToTaproot(program),
    });
  });

  test("of a hasher come by flag, variable or file", () => {
    expect(read({ hasher: "js" }, { POWLAB_HASHER: "wasm" }).hasher).toBe("js");
    expect(read({ config: fileWith('hasher = "wasm-simd"') }).hasher).toBe("wasm-simd");
    expect(read({}, { POWLAB_HASHER: "wasm" }).hasher).toBe("wasm");
    const mistake = 'POWLAB_HASHER="cuda": choose one of wasm-simd, wasm, js';
    expect(problemsOf({}, { POWLAB_HASHER: "cuda" })).toEqual([mistake]);
  });

  test("in the example file are the defaults", () => {
    const config = join(import.meta.dirname, "../../config", "node.toml");
    expect(read({ config })).toEqual(read({}));
  });
});

describe("mistakes", () => {
  test("are told all at once, each with key, value and what to give instead", () => {
    const config = fileWith('network = "main"\nname = 5\ncolour = "red"\n');
    const flags = { config, "api-port": "99999", listen: ["here"] };
    const env = { POWLAB_THREADS: "many", POWLAB_HASHRATE: "0", POWLAB_HASHRAT: "5" };
    const problems = problemsOf(flags, env);
    expect(problems).toEqual([
      expect.stringMatching(/^--listen \["here"\]: .*\/ip4\//),
      expect.stringMatching(/^--api-port "99999": .*0 to 65535/),
      expect.stringMatching(/^POWLAB_THREADS="many": .*1 to 256/),
      expect.stringMatching(/^POWLAB_HASHRATE="0": give more than 0/),
      expect.stringMatching(/^POWLAB_HASHRAT="5": .*POWLAB_HASHRATE,/),
      expect.stringMatching(/^network = "main" in .*node\.toml: choose lab or regtest/),
      expect.stringMatching(/^name = 5 in .*node\.toml: give a short name/),
      expect.stringMatching(/^colour = "red" in .*node\.toml: .*network, data, name/),
    ]);
  });

  test("of an address are told with the network it is for", () => {
    expect(problemsOf({ mine: labAddress, network: "regtest" })).toEqual([
      expect.stringMatching(/^mine: pow1.* belongs to another network.*"bcrt1"/),
    ]);
    expect(problemsOf({ mine: labAddress.slice(1), threads: "0" })).toHaveLength(2);
  });

  test("in the file's syntax or its path are told with the path", () => {
    expect(problemsOf({ config: fileWith("name = ") })).toEqual([
      expect.stringMatching(/^--config .*node\.toml: /),
    ]);
    expect(problemsOf({ config: join(folder, "nowhere.toml") })).toEqual([
      expect.stringContaining("nowhere.toml: there is no "),
    ]);
  });

  test("are not seen in variables of other commands", () => {
    expect(problemsOf({}, { POWLAB_API: "http://127.0.0.1:1/api", POWLAB_TOKEN: "x" })).toEqual([]);
  });
});
