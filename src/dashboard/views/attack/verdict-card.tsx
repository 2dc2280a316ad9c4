/** How the attack ended: who has what, what it cost, and what to try next. */

import type { AttackVerdict } from "../../../attacks/catalogue.ts";
import { expectationIn, expectationWords } from "../../../attacks/expectation.ts";
import type { Balance } from "../../../attacks/record/attack.ts";
import { verdictWords } from "../../../contract/attack-words.ts";
import type { Milliseconds } from "../../../primitives/brand.ts";
import { changeText, coinsOf } from "../../../primitives/figures.ts";
import { useDashboard } from "../../state/dashboard.ts";
import type { AttackStanding } from "../../story/attack-standing.ts";
import { replaySpeed } from "../../story/replay-speed.ts";
import type { StoryAttack } from "../../story/story.ts";
import { choose, chooseAttack } from "./plan.ts";
import { TrialsButton, TrialsOf } from "./trials.tsx";

type Props = { readonly attack: StoryAttack; readonly standing: AttackStanding };

export function VerdictCard({ attack, standing: { scene, verdict } }: Props) {
  if (verdict === null) return null;
  const { headline, winner, facts, lesson, balances } = verdictWords(verdict, scene.attacker);
  return (
    <section class={`verdict-card won-by-${winner}`} aria-label="The verdict">
      <h3>{headline}</h3>
      {balances.length > 0 && (
        <div class="verdict-balances">
          {balances.map((balance) => (
            <BalanceRow key={balance.name} balance={balance} />
          ))}
        </div>
      )}
      <ul class="verdict-facts">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
        <li>Theory: {expectationWords(expectationIn(verdict))}.</li>
      </ul>
      <p class="verdict-lesson">Every node obeyed the rules: {lesson}.</p>
      <NextSteps startedAt={attack.startedAt} {...{ scene, verdict }} />
      {scene.attack === "double-spend" && <TrialsOf scene={scene} />}
    </section>
  );
}

function BalanceRow({ balance: { name, change, words } }: { readonly balance: Balance }) {
  const tone = change === 0 ? "" : change > 0 ? "good" : "bad";
  return (
    <div>
      <span>{name}</span>
      <strong class={`number ${tone}`} title={coinsOf(change)}>
        {changeText(change)}
      </strong>
      <span class="small muted">{words}</span>
    </div>
  );
}

/** The form stands below: it comes into view, with what was set. */
function planAnew(name: "share" | "confirmations", value: number): void {
  chooseAttack("double-spend");
  choose(name, value);
  requestAnimationFrame(() => document.getElementById(`attack-${name}`)?.focus());
}

type NextProps = {
  readonly startedAt: Milliseconds;
  readonly scene: AttackStanding["scene"];
  readonly verdict: AttackVerdict;
};

function NextSteps({ startedAt, scene, verdict: { durationSeconds } }: NextProps) {
  const { playback, kind } = useDashboard();
  const speed = replaySpeed(durationSeconds);
  const replay = () => {
    playback.seek(startedAt);
    playback.speed.value = speed;
    playback.play();
  };
  return (
    <div class="row">
      <button
        type="button"
        onClick={replay}
        title={`From its beginning, at ${speed} times its speed`}
      >
        ▶ Replay {Math.max(1, Math.round(durationSeconds / speed))} s
      </button>
      {kind === "lab" && scene.attack === "double-spend" && (
        <>
          <button
            type="button"
            title="Sets the share below; then press Start"
            onClick={() => planAnew("share", 0.3)}
          >
            Try 30 %
          </button>
          <button
            type="button"
            title="Sets the confirmations below; then press Start"
            onClick={() => planAnew("confirmations", 6)}
          >
            Try 6 confirmations
          </button>
          <TrialsButton order={scene} />
        </>
      )}
    </div>
  );
}
