/** Where attacks are set up, watched and judged, beside what theory expects. */

import "./attack-console.css";
import { useEffect, useRef } from "preact/hooks";
import { attackNamed } from "../../attacks/catalogue.ts";
import { shopName } from "../../attacks/record/participants.ts";
import { percent } from "../../primitives/figures.ts";
import { useDashboard } from "../state/dashboard.ts";
import { isUnderWay } from "../story/attack-plan.ts";
import { type AttackStanding, attackStanding } from "../story/attack-standing.ts";
import type { StoryAttack } from "../story/story.ts";
import { Defence } from "./attack/defence.tsx";
import { Phases } from "./attack/phases.tsx";
import { plan } from "./attack/plan.ts";
import { PlanForm } from "./attack/plan-form.tsx";
import { ShopSwitch } from "./attack/shop-switch.tsx";
import { PlannedTheory, SceneTheory } from "./attack/theory.tsx";
import { Trials } from "./attack/trials.tsx";
import { VerdictCard } from "./attack/verdict-card.tsx";

export function AttackConsole() {
  const { playback, kind } = useDashboard();
  const { story } = playback.moment.value;
  const { attack } = story;
  const standing = attack === null ? null : attackStanding(attack);
  const isRunning = isUnderWay(story);
  const top = useTopOf(attack);
  return (
    <div class="attack-console" ref={top} tabIndex={-1} aria-label="The attack" role="group">
      {attack !== null && standing !== null && <ShownAttack attack={attack} standing={standing} />}
      {standing === null && kind === "replay" && (
        <p class="muted">There is no attack at this moment of the recording.</p>
      )}
      {kind === "lab" && !isRunning && (
        <>
          <h2>{standing === null ? "Set up an attack" : "Another attack"}</h2>
          <PlanForm />
          <PlannedTheory />
        </>
      )}
      {kind === "lab" && plan.value.type === "double-spend" && (
        <>
          <details>
            <summary>Run 500 races</summary>
            <Trials />
          </details>
          <details>
            <summary>Defend the shop</summary>
            <Defence />
          </details>
        </>
      )}
    </div>
  );
}

/** What is new stands above: a beginning, and a verdict. */
function useTopOf(attack: StoryAttack | null) {
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    top.current?.closest(".panel-body")?.scrollTo({ top: 0 });
    // The button that began it is gone, and the focus with it.
    if (document.activeElement === document.body) top.current?.focus({ preventScroll: true });
  }, [attack?.startedAt, attack?.verdict]);
  return top;
}

type ShownProps = { readonly attack: StoryAttack; readonly standing: AttackStanding };

function ShownAttack({ attack, standing }: ShownProps) {
  const { scene, verdict, brokenOff } = standing;
  const { kind } = useDashboard();
  const { participants, words } = attackNamed(scene.attack);
  const isTheoryShown = verdict === null || kind === "replay";
  return (
    <>
      <h2>
        {words.title}
        <span class="muted">
          {" "}
          by {scene.attacker}, {percent(scene.share)} of the power
        </span>
      </h2>
      {participants.includes(shopName) && (
        <ShopSwitch isOver={standing.ending !== null || verdict !== null} />
      )}
      <VerdictCard attack={attack} standing={standing} />
      {brokenOff !== null && <p class="bad">It was broken off: {brokenOff.reason}.</p>}
      <Phases attack={attack} standing={standing} />
      {isTheoryShown && <SceneTheory scene={scene} />}
    </>
  );
}
