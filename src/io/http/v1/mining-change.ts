/** Changes to mining as a request's body has them, and what is wrong with them. */

import { z } from "zod";
import type { MiningChange } from "../../../contract/mining.ts";
import { describeAddressProblem } from "../../../primitives/address.ts";
import { unreachable } from "../../../primitives/verdict.ts";
import type { MiningProblem } from "../../queries/mining.ts";
import { ProblemError } from "../problem.ts";

const shape: z.ZodType<MiningChange> = z
  .strictObject({
    address: z.string().nullable().exactOptional(),
    hashrate: z.number().min(0).nullable().exactOptional(),
  })
  .refine(({ address, hashrate }) => address !== undefined || hashrate !== undefined, {
    message: "say what to change: address, hashrate or both",
  });

/** @throws ProblemError that says which key is wrong. */
export function miningChangeFrom(body: unknown): MiningChange {
  const change = shape.safeParse(body);
  if (change.success) return change.data;
  const wrong = change.error.issues.map(({ path, message }) => {
    return path.length === 0 ? message : `${path.join(".")}: ${message}`;
  });
  throw new ProblemError(400, "body-invalid", `${wrong.join("; ")}.`);
}

export function miningError(problem: MiningProblem): ProblemError {
  switch (problem.rule) {
    case "no-miners": {
      const detail = "This node has no miners: start it with --mine ADDRESS or --threads N.";
      return new ProblemError(409, "no-miners", detail);
    }
    case "address-invalid": {
      const detail = describeAddressProblem(problem.address, problem.problem);
      return new ProblemError(400, "address-invalid", detail);
    }
    default:
      return unreachable(problem);
  }
}
