/** The catalogue: what is derived from it fits each attack, and nobody can forget one. */

import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { attackNamed, attackNames, type AttackOptions } from "../../src/attacks/catalogue.ts";
import { allows, defaultOf, defaultsOf, flagOf } from "../../src/attacks/record/terms.ts";
import { attackBody, probabilityQuery } from "../../src/lab/attack-orders.ts";
import { makeParticipants } from "../../src/lab/nodes/participants.ts";
import { hyphenated } from "../../src/primitives/flag-name.ts";
import { scenarios } from "../../src/sim/scenarios/catalogue.ts";

describe.each(attackNames)("%s", (name) => {
  const { terms, participants, course } = attackNamed(name);

  test("its defaults are allowed by its terms, and by the lab", () => {
    const defaults = defaultsOf(terms);
    const values: Readonly<Record<string, unknown>> = defaults;
    const chosen = Object.entries(terms).filter(([term]) => values[term] !== undefined);
    expect(chosen.filter(([term, kind]) => !allows(kind, values[term]))).toEqual([]);
    expect(attackBody.parse({ type: name, ...defaults })).toEqual({ type: name, ...defaults });
  });

  test("it begins without any choice, and leaves the shares as they are", () => {
    const order = attackBody.parse({ type: name });
    expect(order).toEqual({ type: name, ...defaultsOf(terms), share: undefined });
    expect(order).not.toHaveProperty("share");
  });

  test("theory can be asked about it with nothing but a share", () => {
    expect(probabilityQuery.parse({ type: name, share: "0.3" })).toMatchObject({ share: 0.3 });
  });

  test("its participants are in the smallest lab", () => {
    const names = makeParticipants(6).map((participant) => participant.name);
    expect(participants.filter((participant) => !names.includes(participant))).toEqual([]);
  });

  test("its first phase begins with its scene", () => {
    expect(course.phases[0]).toMatchObject({ name: "setup", beginsWith: ["scene"] });
  });
});

test.each(attackNames)(
  "%s in virtual time begins with the defaults of the attack's record",
  (name) => {
    const { parameters } = scenarios.find((scenario) => scenario.name === name)!;
    const offered = Object.entries(parameters).map(([own, { initial }]) => {
      return [hyphenated(own), initial] as const;
    });
    const defaults = new Map(
      Object.entries(attackNamed(name).terms).map(([own, term]) => {
        return [flagOf(own, term), defaultOf(term)] as const;
      }),
    );
    // A live network has time for fewer blocks than virtual time has.
    const common = offered.filter(([flag]) => defaults.has(flag) && flag !== "blocks");
    expect(common.length).toBeGreaterThan(1);
    expect(common).toEqual(common.map(([flag]) => [flag, defaults.get(flag)]));
  },
);

test("what nobody offers is refused", () => {
  expect(attackBody.safeParse({ type: "bribery" }).success).toBe(false);
  // @ts-expect-error: there is no such attack
  const options: AttackOptions = { type: "bribery" };
  expect(attackBody.safeParse(options).success).toBe(false);
});

/** TypeScript's complaints about a file, if others had these texts. */
function complaintsAbout(file: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const project = resolve(import.meta.dirname, "../..");
  const configPath = join(project, "tsconfig.json");
  const read = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, project);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const readFile = host.readFile.bind(host);
  host.readFile = (path) => texts.get(resolve(path)) ?? readFile(path);
  const path = join(project, file);
  const program = ts.createProgram([path], { ...options, noEmit: true, incremental: false }, host);
  const diagnostics = program.getSemanticDiagnostics(program.getSourceFile(path));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

test("a lab that forgets one of the attacks does not compile", { timeout: 120_000 }, () => {
  const catalogue = resolve(import.meta.dirname, "../../src/attacks/catalogue.ts");
  const text = ts.sys.readFile(catalogue) ?? "";
  const longer = text.replace("  eclipse,\n}", '  eclipse,\n  "empty-blocks": eclipse,\n}');
  expect(longer).not.toBe(text);
  const texts = new Map([[catalogue, longer]]);
  const complaints = complaintsAbout("src/lab/attacks/live-attack.ts", texts);
  expect(complaints).toEqual([expect.stringMatching(/'"empty-blocks"' is missing/)]);
});
