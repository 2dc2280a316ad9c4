/** The lab over HTTP: what it is, what happened, and the levers that move it. */

import express, { type Request, Router } from "express";
import type { AttackOptions } from "../attacks/catalogue.ts";
import type { AttackReport } from "../contract/attacks.ts";
import type { LabJson, PaymentOrder } from "../contract/lab.ts";
import type { Groups, Shares } from "../contract/network.ts";
import { requireToken } from "../io/http/guard.ts";
import { metricsAtRoot } from "../io/http/metrics/metrics.ts";
import { answerProblem, noSuchRoute, ProblemError } from "../io/http/problem.ts";
import { relayTo } from "../io/http/relay.ts";
import { rpcAtRoot } from "../io/http/rpc/root.ts";
import type { Txid } from "../primitives/brand.ts";
import { attackBody, probabilityQuery, trialsBody } from "./attack-orders.ts";
import { probabilityOf } from "./attacks/probability.ts";
import { Trials } from "./attacks/trials.ts";
import { answering, read } from "./lever-routes.ts";
import type { LinkOrder } from "./nodes/links.ts";
import type { Member } from "./nodes/member.ts";
import {
  blocksBody,
  faucetBody,
  linkBody,
  partitionBody,
  paymentBody,
  reorgBody,
  saveBody,
  sharesBody,
} from "./orders.ts";
import type { RegtestChain } from "./regtest/regtest-chain.ts";
import type { Timeline } from "./timeline/timeline.ts";
import { timelineRoutes } from "./timeline/timeline-routes.ts";

/** A lab as its routes see it. */
export interface ServedLab {
  readonly token: string;
  readonly tokenFile: string;
  readonly timeline: Timeline;
  /** @throws LeverError if this lab is not on regtest. */
  readonly regtest: RegtestChain;
  /** All that belong to it, also those that are not up. */
  readonly names: readonly string[];
  /** Undefined if it is not up, or no node of this lab. */
  memberNamed(name: string): Member | undefined;
  describe(): Promise<LabJson>;
  /** @throws LeverError if that makes no sense now. */
  partition(groups: Groups): Promise<void>;
  heal(): Promise<void>;
  setLink(order: LinkOrder): Promise<void>;
  crash(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  makePayment(order: PaymentOrder): Promise<{ readonly txid: Txid; readonly via: string }>;
  setShares(changes: Shares): Promise<void>;
  beginAttack(options: AttackOptions): void;
  /** Breaks the attack off; it resolves when all is as it was before. */
  endAttack(): Promise<void>;
  attackReport(): AttackReport;
}

const bodySizeBytesMax = 10_000;

/** Mounted at /lab. */
export function labRoutes(lab: ServedLab): Router {
  const router = Router();
  router.get(
    "/",
    answering(() => lab.describe()),
  );
  router.use(timelineRoutes(lab.timeline));
  router.get("/attack", (_request, response) => {
    response.json(lab.attackReport());
  });
  router.get("/probability", ({ query }, response) => {
    response.json(probabilityOf(read(probabilityQuery, query)));
  });
  addLevers(router, lab);
  router.use(noSuchRoute);
  router.use(answerProblem);
  return router;
}

function addLevers(router: Router, lab: ServedLab): void {
  const trials = new Trials();
  const mayPull = [
    requireToken(lab.token, lab.tokenFile),
    express.json({ limit: bodySizeBytesMax }),
  ];
  const lever = (path: string, pull: (request: Request) => Promise<unknown>): void => {
    router.post(path, mayPull, answering(pull));
  };
  const described = async (pulled: Promise<void>): Promise<LabJson> => {
    await pulled;
    return lab.describe();
  };
  lever("/partition", ({ body }) => described(lab.partition(read(partitionBody, body).groups)));
  lever("/heal", () => described(lab.heal()));
  lever("/links", ({ body }) => described(lab.setLink(read(linkBody, body))));
  lever("/shares", ({ body }) => described(lab.setShares(read(sharesBody, body))));
  lever("/nodes/:name/crash", ({ params }) => described(lab.crash(String(params["name"]))));
  lever("/nodes/:name/restart", ({ params }) => described(lab.restart(String(params["name"]))));
  lever("/payments", ({ body }) => lab.makePayment(read(paymentBody, body)));
  lever("/blocks", ({ body }) => lab.regtest.levers.mineBlocks(read(blocksBody, body)));
  lever("/faucet", ({ body }) => lab.regtest.levers.faucet(read(faucetBody, body)));
  lever("/reorg", ({ body }) => lab.regtest.levers.reorganise(read(reorgBody, body)));
  lever("/save", ({ body }) => lab.regtest.save(read(saveBody, body)));
  lever("/trials", ({ body }) => trials.run(read(trialsBody, body)));
  lever("/attack", async ({ body }) => {
    lab.beginAttack(read(attackBody, body));
    return lab.attackReport();
  });
  lever("/attack/end", async () => {
    await lab.endAttack();
    return lab.attackReport();
  });
}

/**
 * Mounted at /, for what is below /<node>/api, for /<node>/metrics, and for JSON-RPC: /<node>/, and / for
 * the first node.
 */
export function memberRoutes(lab: Pick<ServedLab, "names" | "memberNamed">): Router {
  const router = Router();
  const [first = ""] = lab.names;
  router.use(rpcAtRoot(`/${first}/api`));
  for (const name of lab.names) {
    router.use(rpcAtRoot(`/${name}/api`, `/${name}`), metricsAtRoot(`/${name}/api`, `/${name}`));
  }
  router.use("/:name/api", (request, response, next) => {
    const { name = "" } = request.params;
    const member = lab.memberNamed(name);
    if (member === undefined && lab.names.includes(name)) {
      const advice = `if it was crashed, POST /lab/nodes/${name}/restart starts it again`;
      throw new ProblemError(503, "not-ready", `${name} is not up: ${advice}.`);
    }
    if (member === undefined) next();
    else if (typeof member.api === "string") relayTo(member.api)(request, response, next);
    else member.api(request, response, next);
  });
  return router;
}
