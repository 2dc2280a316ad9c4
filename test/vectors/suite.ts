/** Suites over public test data, skipped in one line where the data is absent. */

import { describe, test } from "vitest";
import { vectors } from "./vectors.ts";

/**
 * Describes a suite that needs one file of test data.
 *
 * @param suite declares the tests, given the file's bytes; it is not called if the file is absent.
 */
export function describeVectors(title: string, name: string, suite: (bytes: Buffer) => void): void {
  const bytes = vectors(name);
  if (bytes === undefined) {
    console.warn(`skipped: ${title}: ../shared/vectors/${name} is absent`);
    test.skip(title);
  } else {
    describe(title, () => suite(bytes));
  }
}
