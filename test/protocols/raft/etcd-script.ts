/** Reads etcd's raft scripts (`rafttest` of etcd-io/raft). */

export type Argument = { readonly name: string; readonly value: string | undefined };

export type Command = {
  /** Where it stands in the script, from 1. */
  readonly line: number;
  readonly name: string;
  readonly args: readonly Argument[];
  /** Lines below the command, which some have. */
  readonly input: string;
  readonly output: readonly string[];
};

/** A command and what it printed: a line of dashes between them, an empty line behind. */
export function readScript(text: string): readonly Command[] {
  const lines = text.split("\n");
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at]!.trim() === "" || lines[at]!.startsWith("#")) continue;
    const dashes = lines.indexOf("----", at);
    if (dashes < 0) throw new Error(`line ${at + 1} has no output behind it`);
    const empty = lines.indexOf("", dashes);
    const end = empty < 0 ? lines.length : empty;
    const [name, ...words] = lines[at]!.match(/[^\s=]+=\([^)]*\)|\S+/g)!;
    commands.push({
      line: at + 1,
      name: name,
      args: words.map(argumentOf),
      input: lines.slice(at + 1, dashes).join("\n"),
      output: lines.slice(dashes + 1, end),
    });
    at = end;
  }
  return commands;
}

function argumentOf(word: string): Argument {
  const [name, ...rest] = word.split("=");
  return { name: name!, value: rest.length === 0 ? undefined : rest.join("=") };
}
