/** What is wrong with a file of a history: a line, counted from 1, and why with the way out. */

export type LineProblem = {
  /** Absent if the file as a whole is no history. */
  readonly line?: number;
  /** Half a sentence without a full stop. */
  readonly reason: string;
};
