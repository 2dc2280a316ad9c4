/** The acts of the attack that is shown, as a list that fills. */

import type { ComponentChildren } from "preact";
import { stubbornWords } from "../../../contract/attack-words.ts";
import { counted, percent } from "../../../primitives/figures.ts";
import { useDashboard } from "../../dashboard.ts";
import { actsOf, type Act, type ActName } from "../../story/attack-act.ts";
import type { AttackStanding, StepOf } from "../../story/attack-standing.ts";
import { clockText } from "../../story/clock-text.ts";
import type { StoryAttack } from "../../story/story.ts";
import { PaymentCards } from "./payment-cards.tsx";
import { Race, TallyBar } from "./race.tsx";

type Props = { readonly attack: StoryAttack; readonly standing: AttackStanding };

export function Acts({ attack, standing }: Props) {
  const { perspective } = useDashboard();
  const isSecretSeen =
    perspective.value === "everybody" || isAttackers(perspective.value, standing);
  const acts = actsOf(attack).filter(({ name }) => isSecretSeen || !hiddenActs.includes(name));
  return (
    <ol class="attack-acts" aria-label="The attack, act by act">
      {acts.map((act) => (
        <ActItem key={act.name} act={act} standing={standing}>
          {act.at !== null && (
            <Scene act={act.name} standing={standing} isSecretSeen={isSecretSeen} />
          )}
        </ActItem>
      ))}
    </ol>
  );
}

function isAttackers({ node }: { readonly node: string }, { scene }: AttackStanding): boolean {
  return node === scene.attacker;
}

/** What nobody but the attacker can know. */
const hiddenActs: readonly ActName[] = ["scene", "race", "ending"];

type ItemProps = {
  readonly act: Act;
  readonly standing: AttackStanding;
  readonly children: ComponentChildren;
};

const marks: Readonly<Record<Act["state"], readonly [sign: string, words: string]>> = {
  waiting: ["○", "not yet"],
  now: ["◉", "now"],
  done: ["✓", "done"],
  missed: ["–", "did not happen"],
};

function ActItem({ act: { name, state, at }, standing, children }: ItemProps) {
  const { playback } = useDashboard();
  const [sign, words] = marks[state];
  return (
    <li class={`attack-act is-${state}`} aria-current={state === "now" ? "step" : undefined}>
      <span class="attack-act-sign" aria-hidden="true">
        {sign}
      </span>
      <h3>
        {titleOf(name, standing)} <span class="visually-hidden">({words})</span>
      </h3>
      {at !== null && <time>{clockText(at, playback.span.value.from)}</time>}
      <div class="attack-act-body">{children}</div>
    </li>
  );
}

function titleOf(name: ActName, { scene, ending }: AttackStanding): string {
  switch (name) {
    case "scene":
      return "The scene";
    case "payment":
      return "The shop is paid";
    case "race":
      return scene.attack === "selfish-mining" ? "Found and hidden" : "Two branches race";
    case "shop":
      return "What the shop sees";
    case "delivery":
      return "The shop delivers";
    case "ending":
      if (ending !== null) return endingTitles[ending.type];
      return scene.attack === "eclipse" ? endingTitles.mended : "Published, or given up";
    case "verdict":
      return "The verdict";
  }
}

const endingTitles: Readonly<Record<NonNullable<AttackStanding["ending"]>["type"], string>> = {
  published: "The secret branch is published",
  "given-up": "She gives up",
  mended: "The shop finds the others",
  "out-of-time": "Out of time",
};

type SceneProps = {
  readonly act: ActName;
  readonly standing: AttackStanding;
  readonly isSecretSeen: boolean;
};

function Scene({ act, standing, isSecretSeen }: SceneProps) {
  const isRaceShown = standing.scene.attack !== "selfish-mining" || standing.verdict === null;
  switch (act) {
    case "scene":
      return <p>{sceneSentence(standing)}</p>;
    case "payment":
      return <PaymentCards standing={standing} isSecretSeen={isSecretSeen} />;
    case "race":
      return (
        <>
          {isRaceShown && <Race standing={standing} />}
          {standing.tally !== null && <TallyBar tally={standing.tally} scene={standing.scene} />}
        </>
      );
    case "shop":
      return <ShopSees standing={standing} />;
    case "delivery":
      return <p>☕ The machine leaves the shop. It trusts the confirmations.</p>;
    case "ending":
      return <p>{endingSentence(standing)}</p>;
    case "verdict":
      return null;
  }
}

function sceneSentence({ scene }: AttackStanding): string {
  const opening = `${scene.attacker} has ${percent(scene.share)} of the hash power`;
  if (scene.attack === "selfish-mining") {
    const { stubborn } = scene;
    const manner = stubborn === undefined ? "" : ` She is stubborn: ${stubbornWords(stubborn)}.`;
    return `${opening} and keeps what she finds to herself, until the others have almost caught up.${manner}`;
  }
  const delivery = `The shop delivers after ${counted(scene.confirmations, "confirmation")}.`;
  if (scene.attack === "eclipse") {
    return `${opening}. All links of the shop but that to her are cut. ${delivery}`;
  }
  const { premine } = scene;
  const start = premine === 1 ? "She first mines one secret block." : "She begins with nothing.";
  return `${opening}. ${delivery} ${start}`;
}

function ShopSees({ standing: { seen, scene } }: { readonly standing: AttackStanding }) {
  if (seen === null || scene.attack === "selfish-mining") return null;
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

function endingSentence({ ending }: AttackStanding): string {
  if (ending === null) return "";
  switch (ending.type) {
    case "published":
      return `${lengthsText(ending)}: more work, so every node changes sides.`;
    case "given-up":
      return `${lengthsText(ending)}: she is too far behind, and throws hers away.`;
    case "mended":
      return `${counted(ending.secretBlocks, "block")} that it was shown against ${ending.publicBlocks} that it was not: more work wins.`;
    case "out-of-time":
      return `After ${ending.seconds} s she stops.`;
  }
}

function lengthsText({ secretBlocks, publicBlocks }: StepOf<"published" | "given-up">): string {
  return `${counted(secretBlocks, "secret block")} against ${publicBlocks} public`;
}
