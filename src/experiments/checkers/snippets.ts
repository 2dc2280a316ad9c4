/** Small histories as other tools write them, written by hand: what the verdict must be is plain. */

export type Snippet = {
  /** A phrase. */
  readonly what: string;
  readonly text: string;
  readonly outcome: "linearizable" | "refused";
};

/** Lines of Jepsen's log: process, type, function and argument. */
function jepsen(...lines: readonly string[]): string {
  return lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(" ", "\t")}\n`).join("");
}

/** Lines of porcupine's key-value histories: process, type, function and value, of one key. */
function keyValue(...lines: readonly string[]): string {
  return lines
    .map((line) => {
      const [process, type, f, value] = line.split(" ");
      return `{:process ${process}, :type ${type}, :f ${f}, :key "k", :value ${value}}\n`;
    })
    .join("");
}

export const snippets: readonly Snippet[] = [
  {
    what: "Jepsen: a read that overlaps a write sees either value",
    text: jepsen(
      ...["0 :invoke :write 1", "0 :ok :write 1", "0 :invoke :write 2", "1 :invoke :read nil"],
      ...["1 :ok :read 1", "0 :ok :write 2"],
    ),
    outcome: "linearizable",
  },
  {
    what: "Jepsen: a read of what was overwritten before it",
    text: jepsen(
      ...["0 :invoke :write 1", "0 :ok :write 1", "0 :invoke :write 2", "0 :ok :write 2"],
      ...["1 :invoke :read nil", "1 :ok :read 1"],
    ),
    outcome: "refused",
  },
  {
    what: "Jepsen: a write that timed out takes effect later",
    text: jepsen(
      ...["0 :invoke :write 1", "0 :info :write :timed-out", "1 :invoke :read nil"],
      ...["1 :ok :read nil", "2 :invoke :read nil", "2 :ok :read 1"],
    ),
    outcome: "linearizable",
  },
  {
    what: "Jepsen: a write that timed out is seen, and then is not",
    text: jepsen(
      ...["0 :invoke :write 1", "0 :info :write :timed-out", "1 :invoke :read nil"],
      ...["1 :ok :read 1", "2 :invoke :read nil", "2 :ok :read nil"],
    ),
    outcome: "refused",
  },
  {
    what: "porcupine: appends of two clients at once, in either order",
    text: keyValue(
      ...['0 :invoke :append "a"', '1 :invoke :append "b"', '0 :ok :append "a"'],
      ...['1 :ok :append "b"', "2 :invoke :get nil", '2 :ok :get "ba"'],
    ),
    outcome: "linearizable",
  },
  {
    what: "porcupine: an append that is lost",
    text: keyValue(
      ...['0 :invoke :append "a"', '0 :ok :append "a"', '1 :invoke :append "b"'],
      ...['1 :ok :append "b"', "2 :invoke :get nil", '2 :ok :get "b"'],
    ),
    outcome: "refused",
  },
];
