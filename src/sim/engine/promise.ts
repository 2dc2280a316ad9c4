/** Promises that a run must keep, and the report of one that was broken. */

import type { PeerId } from "../../primitives/brand.ts";

/** A promise that was broken. */
export type Failure = {
  /** Its name: that of a check, or what should have happened. */
  readonly promise: string;
  readonly message: string;
};

/** A promise did not hold: a bug, found by simulation. */
export class BrokenPromiseError extends Error {
  readonly promise: string;

  constructor(promise: string, message: string) {
    super(message);
    this.name = "BrokenPromiseError";
    this.promise = promise;
  }
}

/** A check found something wrong with one machine. */
export class InvariantError extends BrokenPromiseError {
  constructor(check: string, name: PeerId, elapsedMs: number, violation: string) {
    super(check, `${check} is violated at ${name} after ${elapsedMs} ms: ${violation}`);
    this.name = "InvariantError";
  }
}

/** What a run breaks, or undefined. Whatever it throws is a bug of ours. */
export function findFailure(run: () => void): Failure | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { message } = error;
    if (error instanceof BrokenPromiseError) return { promise: error.promise, message };
    return { promise: "no node throws", message: `${error.name}: ${message}` };
  }
}
