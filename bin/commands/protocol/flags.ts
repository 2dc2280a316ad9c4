/** What was typed behind `powlab protocol NAME`. */

import type { Value } from "../../../src/protocols/process/key-value.ts";
import type { Turn } from "./turns.ts";

export type ProtocolFlags = {
  readonly nodes?: number;
  readonly seed: string;
  readonly graph?: string;
  readonly faults?: string;
  readonly clients: number;
  readonly requests?: number;
  /** In seconds. */
  readonly duration?: number;
  readonly mutant?: string;
  readonly byzantine?: readonly Turn[];
  readonly values?: readonly Value[];
  readonly history?: string;
  readonly json?: true;
  readonly live?: true;
  readonly page?: true;
};
