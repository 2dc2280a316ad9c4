/** Ends the output with one plain line that scripts can read: `N passed, N failed, N skipped`. */

import type { Reporter, SerializedError, TestModule } from "vitest/node";

export class PlainReporter implements Reporter {
  #line: string | undefined;

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    // Other reporters print after this call, so the line waits for the very end. In watch mode
    // there are many runs and one end.
    if (this.#line === undefined) process.once("exit", () => console.log(this.#line));
    this.#line = lineOf(modules, unhandled.length);
  }
}

/** A file or a suite that breaks outside its tests counts as one failure for each of its errors. */
function lineOf(modules: readonly TestModule[], unhandledCount: number): string {
  const counts = { passed: 0, failed: unhandledCount, skipped: 0, pending: 0 };
  for (const module of modules) {
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) counts[test.result().state] += 1;
  }
  return `${counts.passed} passed, ${counts.failed + counts.pending} failed, ${counts.skipped} skipped`;
}
