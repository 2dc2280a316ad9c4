/** Paxos keeps agreement whatever happens to messages, and only as long as promises are kept on disk. */

import { wholeParameter } from "../../primitives/parameter.ts";
import { defineExact } from "../engine/exact-experiment.ts";
import { atMost, exactly } from "../engine/finding.ts";
import { brokenIn } from "../explored/explored-protocol.ts";
import { exploreDecision, findBreach, mutantRules } from "./decision.ts";

const parameters = {
  crashes: wholeParameter("crashes at most", { min: 0, max: 1, initial: 1 }),
  timeouts: wholeParameter("timers that fire at most", { min: 0, max: 1, initial: 0 }),
};

export const paxosSafety = defineExact<typeof parameters>({
  id: "paxos-safety",
  code: "P1",
  group: "Paxos",
  title: "Agreement under every schedule",
  claim: "No order, loss, doubling or crash makes two members decide differently.",
  lines: "L153-234",
  source: "Lamport 2001; all states of three members, two of which propose",
  parameters,
  quick: { crashes: 0 },
  examples: [["--crashes 0 --timeouts 1", "a timer in place of a crash"]],
  examine: (values) => {
    const exploration = exploreDecision(values);
    return [
      exactly("how the search ended", exploration.ending ?? "not yet", "complete"),
      exactly("promises that are broken", brokenIn(exploration), "none"),
      exactly("values that are decided in some state", exploration.goals.length, 2),
    ];
  },
});

const forgetful = "promises-in-memory";
/** Where proposers are no acceptors, the shortest way has so many steps. */
const forgetfulStepsMax = 13;

const restarts = {
  restarts: wholeParameter("restarts at most", { min: 1, max: 2, initial: 1 }),
};

export const persistence = defineExact<typeof restarts>({
  id: "promises-on-disk",
  code: "P5",
  group: "Paxos",
  title: "Promises that survive a restart",
  claim: "Promises must survive a restart: on disk they keep agreement, in memory they do not.",
  lines: "L213",
  source: "all states; the nearest breach in a model with separate proposers is 13 steps away",
  parameters: restarts,
  examples: [["--restarts 2", "two restarts: more states"]],
  examine: ({ restarts: crashes }) => {
    const kept = exploreDecision({ crashes });
    const breach = findBreach({ crashes, rules: mutantRules(forgetful) });
    return [
      exactly("on disk: promises that are broken", brokenIn(kept), "none"),
      exactly("on disk: how the search ended", kept.ending ?? "not yet", "complete"),
      exactly("in memory: the nearest broken promise", breach.promise, "agreement"),
      atMost("in memory: steps to it", breach.steps, forgetfulStepsMax),
    ];
  },
});

export const memoryOnly = defineExact<typeof restarts>({
  id: "promises-in-memory",
  code: "M8",
  group: "Paxos",
  title: "An acceptor's state in variables",
  claim: "An acceptor may keep what it promised and accepted in variables.",
  lines: "L213",
  source: "all states; the nearest breach in a model with separate proposers is 13 steps away",
  isRefuted: true,
  parameters: restarts,
  examples: [["--restarts 2", "two restarts: more states"]],
  examine: ({ restarts: crashes }) => {
    const rules = mutantRules(forgetful);
    const breach = findBreach({ crashes, rules });
    return [
      exactly("with a restart: the nearest broken promise", breach.promise, "agreement"),
      atMost("with a restart: steps to it", breach.steps, forgetfulStepsMax),
      exactly("without one: the nearest broken promise", findBreach({ rules }).promise, "none"),
    ];
  },
});
