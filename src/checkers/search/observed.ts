/** Which values of a key the operations on it could notice; where texts are appended, which beginnings. */

import type { Task } from "./task.ts";

export class Observed {
  /** Whether texts are appended: then a read notices all beginnings of what it returned. */
  readonly #isText: boolean;
  readonly #exact: ReadonlySet<string>;
  /** What was read, each once, in the order of code units. */
  readonly outputs: readonly string[];
  /**
   * Whether texts show their pieces: each piece is written once and ends in a sign that is in no other
   * place. Then what was read tells which pieces were in the value, and in which order.
   */
  readonly isTraceable: boolean;
  /** Outputs that are no beginning of another. */
  readonly #longest: readonly string[];
  /** If the texts are traceable: all pieces that were read. */
  readonly #pieces: ReadonlySet<string>;

  constructor(tasks: readonly Task[]) {
    const exact = new Set<string>();
    for (const { action } of tasks) {
      if (action.type === "read") exact.add(action.value);
      if (action.type === "cas") exact.add(action.from);
    }
    this.#exact = exact;
    this.#isText = tasks.some(({ action }) => action.type === "append");
    this.outputs = this.#isText ? [...exact].sort() : [];
    this.#longest = this.outputs.filter((output, i, all) => !all[i + 1]?.startsWith(output));
    const end = this.#isText ? endOfPieces(tasks) : undefined;
    this.isTraceable = end !== undefined;
    this.#pieces = new Set(this.#longest.flatMap((text) => (end ? piecesOf(text, end) : [])));
  }

  has(text: string): boolean {
    if (!this.#isText) return this.#exact.has(text);
    const [start, end] = this.rangeOf(text);
    return end > start;
  }

  /** Whether a piece may be in what was read. */
  mayContain(piece: string): boolean {
    if (this.isTraceable) return this.#pieces.has(piece);
    return this.#longest.some((output) => output.includes(piece));
  }

  /** The positions in `outputs` of those that begin with a text: from the first up to the second. */
  rangeOf(text: string): readonly [start: number, end: number] {
    const start = this.#firstWhere((output) => output >= text);
    const end = this.#firstWhere((output) => output >= text && !output.startsWith(text));
    return [start, end];
  }

  /** Once it holds for one output it must hold for all behind. */
  #firstWhere(holds: (output: string) => boolean): number {
    let [low, high] = [0, this.outputs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.outputs[middle] as string)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The sign that ends every piece and is in no other place, if there is one and no two are alike. */
function endOfPieces(tasks: readonly Task[]): string | undefined {
  const pieces = tasks.flatMap(({ action }) => {
    if (action.type === "write") return [action.value];
    return action.type === "append" ? [action.suffix] : [];
  });
  const end = pieces[0]?.at(-1);
  if (end === undefined || new Set(pieces).size < pieces.length) return undefined;
  const areEnded = pieces.every((piece) => piece.indexOf(end) === piece.length - 1 && piece !== "");
  return areEnded ? end : undefined;
}

function piecesOf(text: string, end: string): readonly string[] {
  const pieces = text.split(end);
  return pieces.slice(0, -1).map((piece) => piece + end);
}
