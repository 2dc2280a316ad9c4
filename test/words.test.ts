/**
 * The words that people read: code, comments, help, errors, page and documents have the field's own
 * ones. Each refused word stands here with the plain one to take instead, and why.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const project = resolve(import.meta.dirname, "..");
const places = ["src", "bin", "docs", "config", "README.md", "CONTRIBUTING.md"];
const readable = /\.(tsx?|mjs|md|toml|html|css)$/;

type Refused = {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly why: string;
  /** A text that must be found, so that a pattern which finds nothing any more is noticed. */
  readonly planted: string;
};

const theatre = "a run of a program is no theatre";
const metaphor = "a metaphor must be guessed";
const pronoun = "it hides who does it: the sender, the caller, a peer, the user";

const refused: readonly Refused[] = [
  // Probability and randomness
  {
    pattern: /\bodds\b/i,
    instead: "probability",
    why: "odds are p / (1 − p)",
    planted: "the odds of success",
  },
  {
    pattern: /Odds\b/,
    instead: "…Probability",
    why: "odds are p / (1 − p)",
    planted: "strictOdds(share)",
  },
  {
    pattern: /\b(by lot|by chance|what chance (decides|says)|rolls? (no )?dice)\b/i,
    instead: "at random, draws no random numbers, the random seed",
    why: metaphor,
    planted: "chosen by lot",
  },
  {
    pattern: /\bon paper\b/i,
    instead: "without nodes (Monte Carlo), by the formula",
    why: metaphor,
    planted: "races on paper",
  },

  // Theatre
  {
    pattern: /\bcurtains?\b|openCurtain/i,
    instead: "set-up",
    why: theatre,
    planted: "#openCurtain()",
  },
  {
    pattern: /\bperform(s|ed|ing|ers?)?\b|#perform/i,
    instead: "run, carry out, execute",
    why: theatre,
    planted: "performs the attack",
  },
  {
    pattern: /\b(the|on) stage\b|\bcast (list|of)\b|\bcastOf\b|\b(first|last|next) act\b/i,
    instead: "set-up, participants, phase",
    why: theatre,
    planted: "the cast of the attack",
  },
  {
    pattern: /\bclass (\w*[a-z])?Play\b|\btype Play\b/,
    instead: "Run",
    why: theatre,
    planted: "class Play {",
  },
  {
    pattern: /\bplay(s|ed)? (an?|the|these|many|its) (race|attack|batch|experiment|run)/i,
    instead: "run",
    why: theatre,
    planted: "plays the attack",
  },
  {
    pattern: /\bplay money\b|\bsignatures? of play\b/i,
    instead: "test coins, fake signatures",
    why: metaphor,
    planted: "play money",
  },

  // Payments, charts and money
  {
    pattern: /\bplots?\b/i,
    instead: "conflicting payments, chart",
    why: "it has two meanings here, and neither is the textbook's",
    planted: "the plot of the attacker",
  },
  {
    pattern: /\btills?\b|#till\b/i,
    instead: "the shop's client",
    why: metaphor,
    planted: "the shop's till",
  },
  {
    pattern: /(?<!fork\("|`)\bpurses?\b(?! of \$)|Purse/,
    instead: "wallet",
    why: "one word for one thing; names of random streams stay, because keys follow from them",
    planted: "a purse of coins",
  },
  {
    pattern: /\bpage of payments\b/i,
    instead: "a list of payments plus proof of work",
    why: metaphor,
    planted: "a block is a page of payments",
  },

  // Faults and attackers
  {
    pattern: /\bmuddle[sd]?\b(?!: ")/i,
    instead: "scramble, lossy",
    why: "not the field's word",
    planted: "muddles messages",
  },
  {
    pattern: /\bclog(s|ged)?\b(?!: ")/i,
    instead: "throttle",
    why: "not the field's word",
    planted: "clogs a node",
  },
  {
    pattern: /\bbetray(s|ed|al)?\b(?!: ")/i,
    instead: "turn byzantine",
    why: "not the field's word",
    planted: "betrays the others",
  },
  {
    pattern: /\b(traitors?|liars?|innocents?|guilty|sinn?(s|ers?)?)\b(?!\()/i,
    instead: "byzantine node, honest node, fault",
    why: metaphor,
    planted: "faults and liars",
  },
  {
    pattern: /\bfalse friends?\b/i,
    instead: "peers that are the attacker's",
    why: metaphor,
    planted: "false friends only",
  },
  {
    pattern: /\b(class|interface|type) Witness\b|\bwitness(es)? (who|that watch|of the lab)/,
    instead: "observer",
    why: "a witness is SegWit's",
    planted: "class Witness {",
  },
  {
    pattern: /\bin (her|his|its) pocket\b/i,
    instead: "keeps it secret",
    why: metaphor,
    planted: "in her pocket",
  },
  {
    pattern: /\beyes (only|of)\b|\b(in|through) \w+('s)? eyes\b/i,
    instead: "as a node sees it, only the shop sees it",
    why: metaphor,
    planted: "for the shop's eyes only",
  },
  {
    pattern: /\bmade to tell\b/i,
    instead: "no rule forces a miner to publish",
    why: "a riddle",
    planted: "nobody can be made to tell of a block",
  },
  {
    pattern: /\bgossiping\b|\brumou?rs?\b|hasRumou?r/i,
    instead: "relaying, announcedUnknownParent",
    why: "nodes relay; gossip is the name of the protocol only",
    planted: "hasRumour()",
  },

  // Names that hide what they count
  {
    pattern: /\b(isEarly|owedBlocks|restsUntil)\b/,
    instead: "isHeadersPutOff, blockRequests, backoffUntil",
    why: "a name says what is counted",
    planted: "peer.isEarly",
  },
  {
    pattern: /\b(LinkLaw|burden|relieve)\b/,
    instead: "LinkConditions, impairment, lift",
    why: "not the field's word",
    planted: "type LinkLaw =",
  },

  // Help and errors
  {
    pattern: /\bwhat the network makes of it\b/i,
    instead: "gamma results from the network's delays",
    why: "a riddle",
    planted: "gamma is what the network makes of it",
  },
  {
    pattern: /\binto a pipe\b/i,
    instead: "also the default when stdout is not a terminal",
    why: "a clause that must be guessed",
    planted: "so it is, too, into a pipe",
  },
  {
    pattern: /\bcalm (people|line)\b/i,
    instead: "not shown by default",
    why: metaphor,
    planted: "what calm people need not know",
  },
  {
    pattern: /"It is a whole number\b/,
    instead: "must be a whole number from A to B",
    why: "it says the opposite of what is meant",
    planted: 'new Error("It is a whole number.")',
  },

  // Stories
  {
    pattern: /\b(tales?(?!\.ts)|the moral)\b/i,
    instead: "timeline, lesson",
    why: metaphor,
    planted: "the moral of the attack",
  },
  {
    pattern: /\bwho(m)?ever\b/i,
    instead: "the sender, the caller, a peer that …",
    why: pronoun,
    planted: "whoever sent it",
  },
  { pattern: /\bsomebody\b/i, instead: "a user, a peer", why: pronoun, planted: "pays somebody" },
  {
    pattern: /\bnobody\b/i,
    instead: "no peer, no node, no user",
    why: pronoun,
    planted: "nobody hears of it",
  },
  {
    pattern: /\bhears? of\b/i,
    instead: "receives, learns of",
    why: "nodes receive messages",
    planted: "a peer that hears of a block",
  },
  {
    pattern: /\btold (of|to)\b/i,
    instead: "called with, notified of",
    why: "code is called, nodes get messages",
    planted: "told of each block",
  },
  {
    pattern: /\bbelieve[sd]?\b/i,
    instead: "accepts, trusts",
    why: "programs do not believe",
    planted: "and believes nothing",
  },
  {
    pattern: /\bwithout a word\b/i,
    instead: "silently, without a message",
    why: metaphor,
    planted: "it is gone, without a word",
  },
];

/** What is wrong with a text: file, line, and what to write instead. */
function complaintsAbout(file: string, text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    // A comment may break between two words of what is refused.
    const next = (lines[index + 1] ?? "").replace(/^\s*(\*|\/\/|#)?\s*/, "");
    return refused.flatMap(({ pattern, instead, why }) => {
      const match = pattern.exec(`${line} ${next}`);
      if (match === null || match.index >= line.length) return [];
      return [`${file}:${index + 1}: "${match[0]}": write ${instead} (${why})`];
    });
  });
}

function filesBelow(place: string): string[] {
  if (readable.test(place)) return [place];
  const files = readdirSync(join(project, place), { recursive: true, encoding: "utf8" });
  return files.filter((file) => readable.test(file)).map((file) => join(place, file));
}

test("no text that people read has a riddle, a metaphor or a word of the theatre", () => {
  const files = places.flatMap(filesBelow);
  expect(files.length).toBeGreaterThan(500);
  const complaints = files.flatMap((file) => {
    return complaintsAbout(file, readFileSync(join(project, file), "utf8"));
  });
  expect(complaints).toEqual([]);
});

describe("a refused word is found where it is planted", () => {
  test.each(refused)("$planted", ({ planted, instead }) => {
    const complaints = complaintsAbout("src/planted.ts", `// a\n// ${planted}`).join("\n");
    expect(complaints).toContain("src/planted.ts:2: ");
    expect(complaints).toContain(instead);
  });
});

test("a refused phrase is found where a comment breaks it", () => {
  const [complaint] = complaintsAbout(
    "src/planted.ts",
    "/**\n * A node is gone, without a\n * word.\n */",
  );
  expect(complaint).toMatch(/^src\/planted\.ts:2: "without a word": write silently/);
});

test("the field's own words are not refused", () => {
  const fine = [
    "const witness = input.witness; // BIP141",
    "gossipsub scores its peers",
    'createRandom("partition").fork("purses")',
    "measures the performance of a hasher",
    "Math.sin(angle)",
    "a stage of the pipeline",
    'retired: { betray: "turn-byzantine" }',
    "plays a recorded timeline",
  ];
  expect(fine.flatMap((text) => complaintsAbout("fine.ts", text))).toEqual([]);
});
