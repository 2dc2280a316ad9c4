/** The phases of the attack that is shown, as a list that fills. */

import type { ComponentChildren } from "preact";
import { attackNamed } from "../../../attacks/catalogue.ts";
import { endingWords } from "../../../contract/attack-words.ts";
import { counted } from "../../../primitives/figures.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { phasesOf, type ShownPhase } from "../../story/attack-phase.ts";
import type { AttackStanding } from "../../story/attack-standing.ts";
import { clockText } from "../../story/clock-text.ts";
import type { StoryAttack } from "../../story/story.ts";
import { PaymentCards } from "./payment-cards.tsx";
import { Race, TallyBar } from "./race.tsx";

type Props = { readonly attack: StoryAttack; readonly standing: AttackStanding };

export function Phases({ attack, standing }: Props) {
  const { perspective } = useDashboard();
  const isSecretSeen =
    perspective.value === "everybody" || isAttackers(perspective.value, standing);
  const phases = phasesOf(attack).filter(({ isSecret }) => isSecretSeen || !isSecret);
  return (
    <ol class="attack-phases" aria-label="The attack, phase by phase">
      {phases.map((phase) => (
        <PhaseItem key={phase.name} phase={phase} standing={standing}>
          {phase.at !== null && (
            <PhaseBody phase={phase.name} standing={standing} isSecretSeen={isSecretSeen} />
          )}
        </PhaseItem>
      ))}
    </ol>
  );
}

function isAttackers({ node }: { readonly node: string }, { scene }: AttackStanding): boolean {
  return node === scene.attacker;
}

type ItemProps = {
  readonly phase: ShownPhase;
  readonly standing: AttackStanding;
  readonly children: ComponentChildren;
};

const marks: Readonly<Record<ShownPhase["state"], readonly [sign: string, words: string]>> = {
  waiting: ["○", "not yet"],
  now: ["◉", "now"],
  done: ["✓", "done"],
  missed: ["–", "did not happen"],
};

function PhaseItem({ phase, standing, children }: ItemProps) {
  const { state, at } = phase;
  const { playback } = useDashboard();
  const [sign, words] = marks[state];
  return (
    <li class={`attack-phase is-${state}`} aria-current={state === "now" ? "step" : undefined}>
      <span class="attack-phase-sign" aria-hidden="true">
        {sign}
      </span>
      <h3>
        {titleOf(phase, standing)} <span class="visually-hidden">({words})</span>
      </h3>
      {at !== null && <time>{clockText(at, playback.span.value.from)}</time>}
      <div class="attack-phase-body">{children}</div>
    </li>
  );
}

/** Of an ending that is known, its own. */
function titleOf({ name, title }: ShownPhase, { ending }: AttackStanding): string {
  return name === "ending" && ending !== null ? endingTitles[ending.type] : title;
}

const endingTitles: Readonly<Record<NonNullable<AttackStanding["ending"]>["type"], string>> = {
  published: "The secret branch is published",
  "given-up": "She gives up",
  mended: "The shop has honest peers again",
  "out-of-time": "Out of time",
};

type BodyProps = {
  readonly phase: ShownPhase["name"];
  readonly standing: AttackStanding;
  readonly isSecretSeen: boolean;
};

function PhaseBody({ phase, standing, isSecretSeen }: BodyProps) {
  const { scene, verdict, tally, ending } = standing;
  const isRaceShown = !attackNamed(scene.attack).course.isRepeated || verdict === null;
  switch (phase) {
    case "setup":
      return <p>{setupText(standing)}</p>;
    case "payment":
      return <PaymentCards standing={standing} isSecretSeen={isSecretSeen} />;
    case "race":
      return (
        <>
          {isRaceShown && <Race standing={standing} />}
          {tally !== null && <TallyBar tally={tally} scene={scene} />}
        </>
      );
    case "shop":
      return <ShopSees standing={standing} />;
    case "delivery":
      return <p>☕ The shop hands the goods over: the payment has its confirmations.</p>;
    case "ending":
      return ending !== null && <p>{endingWords(ending, verdict)}</p>;
    case "verdict":
      return null;
  }
}

/** The clauses of the set-up, as sentences. */
function setupText({ scene }: AttackStanding): string {
  const clauses = attackNamed(scene.attack).words.setup(scene);
  const [first = "", ...others] = clauses;
  const sentences = others.map((clause) => clause.charAt(0).toUpperCase() + clause.slice(1));
  return [first, ...sentences].map((sentence) => `${sentence}.`).join(" ");
}

function ShopSees({ standing: { seen, scene } }: { readonly standing: AttackStanding }) {
  if (seen === null || !("confirmations" in scene)) return null;
  const { state, confirmations } = seen;
  if (state === "confirmed") {
    const needed = `of ${scene.confirmations} that it waits for`;
    return (
      <p>
        <strong class="good">{counted(confirmations, "confirmation")}</strong>{" "}
        {confirmations < scene.confirmations ? needed : ""}
      </p>
    );
  }
  if (state === "waiting") return <p>The payment waits for a block.</p>;
  return state === "gone" ? (
    <p class="bad">The payment is gone: its coin is spent otherwise.</p>
  ) : (
    <p>No payment yet.</p>
  );
}
