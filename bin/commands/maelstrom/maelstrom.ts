/** `powlab maelstrom`: our protocols as nodes of Maelstrom, and a test for nodes of any language. */

import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { registerNode } from "./node.ts";
import { registerTest } from "./test.ts";

export function register(program: Command): void {
  const command = withExamples(
    program
      .command("maelstrom")
      .description("speak Maelstrom's protocol: be a node of it, or test nodes of any language"),
    [
      ["powlab maelstrom node raft", "a node on stdin and stdout, for Maelstrom itself"],
      ["powlab maelstrom test --partition -- powlab maelstrom node raft", "five of them, judged"],
      ["powlab maelstrom test --workload echo -- python3 echo.py", "a program of your own"],
    ],
  );
  registerNode(command);
  registerTest(command);
}
