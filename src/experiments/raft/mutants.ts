/** Raft with one rule replaced by a wrong one, each in a script that leads to what it breaks. */

import { type RaftMutant, raftMutants } from "../../protocols/raft/mutants.ts";
import { raftRules } from "../../protocols/raft/rules.ts";
import { defineExact, type ExactExperiment } from "../engine/exact-experiment.ts";
import { exactly, type Finding } from "../engine/finding.ts";
import { scenes } from "./mutant-scenes.ts";

/** The names of the promises that a mutant breaks in its script. */
export function brokenBy(name: string): readonly string[] {
  const mutant = raftMutants.find((each) => each.name === name);
  const scene = scenes[name];
  if (mutant === undefined || scene === undefined) {
    throw new RangeError(`no mutant of Raft is named ${name}: take one of raftMutants.`);
  }
  const { brokenAfter } = scene({ ...mutant.options, rules: { ...raftRules, ...mutant.rules } });
  return [...brokenAfter.keys()];
}

/** What the right rules break in a mutant's script: nothing. */
export function brokenByHonest(name: string): string {
  const mutant = raftMutants.find((each) => each.name === name);
  const broken = scenes[name]?.({ ...mutant?.options }).brokenAfter.keys() ?? [`no script ${name}`];
  return [...broken].join() || "nothing";
}

/** Those that the essay's text has, or comes near to: the codes of its slips, and names. */
const slips: Readonly<Record<string, readonly [code: string, id: string]>> = {
  "more-than-majority": ["M1", "votes-over-majority"],
  "log-length-only": ["M2", "log-length-only"],
  "counts-earlier-terms": ["M3", "earlier-terms"],
  "vote-not-durable": ["M4", "vote-not-durable"],
  "stale-votes": ["M5", "stale-votes"],
  "no-previous-entry-check": ["M10", "no-previous-check"],
  "answers-counted": ["M13", "answers-counted"],
  "commits-whole-log": ["M14", "commits-whole-log"],
  "applies-newest-only": ["M15", "applies-newest"],
  "never-steps-down": ["M16", "never-steps-down"],
};

function findingsOf({ name, caughtBy = "nothing" }: RaftMutant): readonly Finding[] {
  const broken = brokenBy(name);
  return [
    exactly(`${name}: fails`, broken.includes(caughtBy) ? caughtBy : broken.join(), caughtBy),
    exactly(`${name}: fails with the right rule`, brokenByHonest(name), "nothing"),
  ];
}

function recordOf(mutant: RaftMutant, code: string, id: string): ExactExperiment {
  const { name, mistake, victim, essayLine } = mutant;
  return {
    id,
    code,
    group: "Raft",
    title: `The mistake ${name}`,
    claim: `It does no harm if ${mistake}.`,
    ...(essayLine === undefined ? {} : { lines: `L${essayLine}` }),
    source: victim ?? "Ongaro and Ousterhout, 2014",
    isRefuted: true,
    parameters: {},
    examples: [["--json", "one line of JSON, for programs"]],
    examine: () => findingsOf(mutant),
  };
}

const others = raftMutants.filter(({ name }) => slips[name] === undefined);

const noParameters = {};

const otherMutants = defineExact<typeof noParameters>({
  id: "raft-mutants",
  code: "M23",
  group: "Raft",
  title: "Other mistakes in Raft",
  claim: "Votes, reads, sessions, and changes of members each need their rule, too.",
  source: "mistakes of software that was used; each in a script with the right rule, too",
  parameters: noParameters,
  examples: [["--json", "one line of JSON, for programs"]],
  examine: () => others.flatMap((mutant) => findingsOf(mutant)),
});

export const mutantRecords: readonly ExactExperiment[] = [
  ...raftMutants.flatMap((mutant) => {
    const slip = slips[mutant.name];
    return slip === undefined ? [] : [recordOf(mutant, ...slip)];
  }),
  otherMutants,
];

export const logMatching = defineExact<typeof noParameters>({
  id: "log-matching",
  code: "R7",
  group: "Raft",
  title: "What gives log matching",
  claim: "Log matching comes from the election restriction: so it says, but it does not.",
  lines: "L109",
  source: "Ongaro and Ousterhout, 2014, 5.3 (the entry before) and 5.4.1 (the restriction)",
  isRefuted: true,
  parameters: noParameters,
  examples: [["--json", "one line of JSON, for programs"]],
  examine: () => {
    const unrestricted = brokenBy("no-election-restriction");
    const unchecked = brokenBy("no-previous-entry-check");
    return [
      exactly("no restriction: log matching fails", unrestricted.includes("log-matching"), false),
      exactly(
        "no restriction: leader completeness fails",
        unrestricted.includes("leader-completeness"),
        true,
      ),
      exactly(
        "no check of the entry before: log matching fails",
        unchecked.includes("log-matching"),
        true,
      ),
    ];
  },
});
