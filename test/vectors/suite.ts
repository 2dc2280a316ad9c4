/** Suites over public test data, skipped in one line where the data is absent. */

import { describe, test } from "vitest";
import { vectors, vectorsFolder } from "./vectors.ts";

/**
 * Describes a suite that needs one file of test data.
 *
 * @param suite declares the tests, given the file's bytes; it is not called if the file is absent.
 */
export function describeVectors(title: string, name: string, suite: (bytes: Buffer) => void): void {
  const bytes = vectors(name);
  if (bytes === undefined) {
    console.warn(`skipped: ${title}: ${placeOf(name)} is absent`);
    test.skip(title);
  } else {
    describe(title, () => suite(bytes));
  }
}

/** As seen from the repository's folder, unless another folder was chosen. */
function placeOf(name: string): string {
  return process.env["POWLAB_VECTORS"] ? `${vectorsFolder()}/${name}` : `../shared/vectors/${name}`;
}
