/**
 * Compiles native/ to WebAssembly: powlab_simd.wasm for engines with vectors, powlab_scalar.wasm
 * for the others. Both are checked in, so only who changes native/ needs this, and Rust.
 *
 * `node bin/build-native.mjs`          writes them to native/
 * `node bin/build-native.mjs FOLDER`   writes them elsewhere
 *
 * It exits with 3 if there is no Rust that can do it.
 */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const target = "wasm32-unknown-unknown";
const variants = [
  { file: "powlab_simd.wasm", flags: ["-C", "target-feature=+simd128"] },
  { file: "powlab_scalar.wasm", flags: [] },
];
const stackSizeBytes = 16_384;
const optimised = ["-C", "opt-level=3", "-C", "panic=abort", "-C", "codegen-units=1"];

const output = resolve(process.argv[2] ?? join(import.meta.dirname, "../native"));
// Paths in the compiled files are relative to this folder: they are the same on every machine.
process.chdir(join(dirname(dirname(fileURLToPath(import.meta.url))), "native"));
const toolchain = findToolchain();
if (toolchain === undefined) {
  process.stderr.write(
    `powlab: no Rust here can compile to ${target}. With rustup: rustup target add ${target}. ` +
      "With Debian: apt-get install rustc-web rust-web-src lld (see native/README.md).\n",
  );
  process.exit(3);
}
mkdirSync(output, { recursive: true });
for (const { file, flags } of variants) compile(file, flags);

/** The first compiler that has, or can make, Rust's core library for the target. */
function findToolchain() {
  const compilers = [process.env.RUSTC, "rustc", "/usr/bin/rustc"].filter(Boolean);
  for (const rustc of compilers) {
    const sysroot = answerOf(rustc, ["--print", "sysroot"]);
    if (sysroot === undefined) continue;
    const libraries = answerOf(rustc, ["--print", "target-libdir", "--target", target]);
    const linker = findLinker(sysroot);
    if (linker === undefined) continue;
    if (filesIn(libraries).some((name) => /^libcore-.*\.rlib$/.test(name))) {
      return { rustc, linker, flags: [] };
    }
    const source = join(sysroot, "lib/rustlib/src/rust/library/core/src/lib.rs");
    if (existsSync(source)) return { rustc, linker, flags: ["--sysroot", makeCore(rustc, source)] };
  }
  return undefined;
}

/** The options that name a linker: rustup's Rust brings its own, Debian's does not. */
function findLinker(sysroot) {
  const own = filesIn(join(sysroot, "lib/rustlib")).some((host) =>
    ["rust-lld", "rust-lld.exe"].some((name) =>
      existsSync(join(sysroot, "lib/rustlib", host, "bin", name)),
    ),
  );
  if (own) return [];
  const names = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap(filesIn)
    .filter((name) => /^wasm-ld(-\d+)?$/.test(name));
  // The newest: an old linker does not read what a new compiler writes.
  const version = (name) => Number(name.split("-")[2] ?? 0);
  const newest = names.sort((one, other) => version(other) - version(one))[0];
  return newest && ["-C", `linker=${newest}`];
}

/**
 * Compiles Rust's core library, once for each compiler. `RUSTC_BOOTSTRAP` permits what only this
 * library needs. Ours calls nothing of compiler_builtins, whose place is taken by an empty one.
 */
function makeCore(rustc, source) {
  const release = /^release: (.*)$/m.exec(answerOf(rustc, ["-vV"]))?.[1];
  const sysroot = resolve("target", `core-${release}`);
  const folder = join(sysroot, "lib/rustlib", target, "lib");
  const isMade = ["libcore.rlib", "libcompiler_builtins.rlib"].every((name) =>
    existsSync(join(folder, name)),
  );
  if (isMade) return sysroot;
  mkdirSync(folder, { recursive: true });
  const library = ["--crate-type", "rlib", "--edition", "2024", "--target", target];
  const flags = [
    ...library,
    ...optimised,
    "--cap-lints",
    "allow",
    "-Z",
    "force-unstable-if-unmarked",
  ];
  const renamed = ["--remap-path-prefix", `${dirname(dirname(dirname(source)))}=library`];
  const out = (name) => ["--crate-name", name, "-o", join(folder, `lib${name}.rlib`)];
  run(rustc, [...flags, ...renamed, ...out("core"), source], "compiling Rust's core library");
  const empty = join(sysroot, "compiler_builtins.rs");
  writeFileSync(empty, "#![feature(compiler_builtins)]\n#![compiler_builtins]\n#![no_std]\n");
  const found = ["--sysroot", sysroot];
  run(rustc, [...flags, ...found, ...out("compiler_builtins"), empty], "compiling its companion");
  return sysroot;
}

function compile(file, flags) {
  const path = join(output, file);
  const kind = ["--crate-type", "cdylib", "--crate-name", "powlab", "--edition", "2021"];
  const linked = [`-zstack-size=${stackSizeBytes}`, "--export=__heap_base"];
  const link = ["strip=symbols", ...linked.map((flag) => `link-arg=${flag}`)];
  run(
    toolchain.rustc,
    [
      ...[...kind, "--target", target, ...optimised, ...flags],
      ...link.flatMap((flag) => ["-C", flag]),
      ...[...toolchain.linker, ...toolchain.flags, "-o", path, "src/lib.rs"],
    ],
    `compiling ${file}`,
  );
  chmodSync(path, 0o644);
  process.stderr.write(`powlab: ${file} has ${statSync(path).size} bytes\n`);
}

function run(rustc, parameters, intent) {
  process.stderr.write(`powlab: ${intent} …\n`);
  const { status, error } = spawnSync(rustc, parameters, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, RUSTC_BOOTSTRAP: "1" },
  });
  if (status === 0) return;
  process.stderr.write(`powlab: ${intent} failed${error ? `: ${error.message}` : ""}\n`);
  process.exit(1);
}

/** What a program prints, or undefined if it cannot be run. */
function answerOf(program, parameters) {
  const { status, stdout } = spawnSync(program, parameters, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function filesIn(folder) {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
}
