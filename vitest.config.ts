/**
 * The tests: "unit" in parallel, then "e2e", which starts real processes and attacks real nodes, one
 * file at a time.
 */

import { defineConfig } from "vitest/config";
import { PlainReporter } from "./test/plain-reporter.ts";

export default defineConfig({
  test: {
    pool: "forks",
    setupFiles: ["test/setup.ts"],
    reporters: ["default", new PlainReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/clients/**", "test/hostile/**"],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/{e2e,clients,hostile}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
