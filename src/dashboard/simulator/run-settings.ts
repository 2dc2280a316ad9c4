/** What a run follows from: the same settings and the same schedule give the same run. */

export type RunSettings = {
  /** Its name in the catalogue of protocols. */
  readonly protocol: string;
  /** The name of one of its mutants; undefined for the protocol as it should be. */
  readonly mutant: string | undefined;
  readonly seed: string;
  readonly nodes: number;
  readonly clients: number;
  readonly durationMs: number;
  /** What every message takes, one way: each time between the two equally likely. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
};

/** Messages of 50 to 100 ms can be seen to cross a picture of two seconds. */
export const usualSettings: Omit<RunSettings, "protocol" | "nodes"> = {
  mutant: undefined,
  seed: "1",
  clients: 3,
  durationMs: 30_000,
  delayMsMin: 50,
  delayMsMax: 100,
};

/** What the page can show, and a browser can compute between two pictures. */
export const settingsLimits = {
  nodes: { min: 2, max: 13 },
  clients: { min: 0, max: 12 },
  durationMs: { min: 1_000, max: 120_000 },
  delayMs: { min: 1, max: 2_000 },
} as const;
