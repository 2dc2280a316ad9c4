/** The lab over HTTP: what it is, what happened, and the levers that move it. */

import express, { Router, type Request, type RequestHandler } from "express";
import { z } from "zod";
import { requireToken } from "../io/http/guard.ts";
import { noSuchRoute, ProblemError, tellProblem } from "../io/http/problem.ts";
import {
  confirmationsMax,
  defaultConfirmations,
  defaultGiveUpBehind,
  giveUpBehindMax,
  type AttackOptions,
} from "./attack-report.ts";
import type { AttackReport, LabJson } from "./lab-json.ts";
import { LeverError } from "./lever-error.ts";
import type { Member } from "./member.ts";
import type { Groups } from "./partition.ts";
import { participantsMax } from "./roster.ts";
import type { Shares } from "./shares.ts";

/** A lab as its routes see it. */
export interface ServedLab {
  readonly token: string;
  readonly tokenFile: string;
  readonly timelinePath: string;
  memberNamed(name: string): Member | undefined;
  describe(): Promise<LabJson>;
  /** @throws LeverError if that makes no sense now. */
  partition(groups: Groups): Promise<void>;
  heal(): Promise<void>;
  setShares(changes: Shares): Promise<void>;
  beginAttack(options: AttackOptions): void;
  attackReport(): AttackReport;
}

const name = z.string().min(1).max(32);
const partitionBody = z.strictObject({
  groups: z.array(z.array(name).min(1)).min(1).max(participantsMax),
});
const sharesBody = z.record(name, z.number().min(0).max(1));
const attackBody = z.strictObject({
  type: z.literal("double-spend"),
  confirmations: z.int().min(1).max(confirmationsMax).default(defaultConfirmations),
  giveUpBehind: z.int().min(1).max(giveUpBehindMax).default(defaultGiveUpBehind),
  share: z.number().min(0).max(1).exactOptional(),
});
const bodySizeBytesMax = 10_000;

/** Mounted at /lab. */
export function labRoutes(lab: ServedLab): Router {
  const router = Router();
  const mayChange = [
    requireToken(lab.token, lab.tokenFile),
    express.json({ limit: bodySizeBytesMax }),
  ];
  router.get(
    "/",
    answering(() => lab.describe()),
  );
  router.get("/timeline", (_request, response) => {
    response.type("application/x-ndjson").sendFile(lab.timelinePath, { dotfiles: "allow" });
  });
  router.get("/attack", (_request, response) => {
    response.json(lab.attackReport());
  });
  router.post(
    "/partition",
    mayChange,
    answering(async (request) => {
      await lab.partition(read(partitionBody, request).groups);
      return lab.describe();
    }),
  );
  router.post(
    "/heal",
    mayChange,
    answering(async () => {
      await lab.heal();
      return lab.describe();
    }),
  );
  router.post(
    "/shares",
    mayChange,
    answering(async (request) => {
      await lab.setShares(read(sharesBody, request));
      return lab.describe();
    }),
  );
  router.post(
    "/attack",
    mayChange,
    answering(async (request) => {
      lab.beginAttack(read(attackBody, request));
      return lab.attackReport();
    }),
  );
  router.use(noSuchRoute);
  router.use(tellProblem);
  return router;
}

/** Mounted at /, for what is below /<node>/api. */
export function memberRoutes(lab: Pick<ServedLab, "memberNamed">): Router {
  const router = Router();
  router.use("/:name/api", (request, response, next) => {
    const member = lab.memberNamed(request.params.name ?? "");
    if (member === undefined) next();
    else if (typeof member.api === "string") response.redirect(307, member.api + request.url);
    else member.api(request, response, next);
  });
  return router;
}

function answering(act: (request: Request) => Promise<unknown>): RequestHandler {
  return async (request, response) => {
    try {
      response.json(await act(request));
    } catch (error) {
      if (!(error instanceof LeverError)) throw error;
      throw new ProblemError(409, "request-invalid", error.message);
    }
  };
}

function read<Body>(schema: z.ZodType<Body>, request: Request): Body {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  throw new ProblemError(400, "body-invalid", z.prettifyError(parsed.error));
}
