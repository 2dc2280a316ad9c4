/** `powlab maelstrom`: what is refused before any node is started. */

import { expect, test } from "vitest";
import { createProgram } from "../../bin/program.ts";

test.each([
  ["node paxos", "paxos decides one value once"],
  ["node rft", "There is no protocol rft (did you mean raft?)"],
  ["node raft --secret x", "--secret is for protocols that sign, such as pbft"],
  ["node raft --mutant x", "There is no mutant of raft x"],
  ["test --nodes 2 --partition -- x", "give --nodes 3 or more"],
  ["test --workload echo --history x -- x", "clients of echo have none"],
])("maelstrom %s is refused in a sentence", async (words, sentence) => {
  const program = await createProgram("maelstrom");
  const typed = program.parseAsync(["maelstrom", ...words.split(" ")], { from: "user" });
  await expect(typed).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(sentence),
  });
});
