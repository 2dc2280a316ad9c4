/** Tables and lists of facts in plain text, for people; programs take --json. */

export type Column = { readonly title: string; readonly align?: "left" | "right" };

/** Lines of columns that are as wide as their widest cell; the first line has the titles. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const lines = cells.map((row) =>
    columns
      .map(({ align }, i) => pad(row[i] ?? "", widths[i] ?? 0, align))
      .join("  ")
      .trimEnd(),
  );
  return lines.join("\n");
}

/** One line a fact, with the values under each other. */
export function formatFacts(facts: Readonly<Record<string, string | number>>): string {
  const width = Math.max(...Object.keys(facts).map(({ length }) => length));
  const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return lines.join("\n");
}

/** Seconds since 1970 as people read them, in universal time. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19);
}

function pad(text: string, width: number, align: Column["align"] = "left"): string {
  return align === "left" ? text.padEnd(width) : text.padStart(width);
}
