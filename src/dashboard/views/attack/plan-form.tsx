/** Where the next attack is set up and begun. */

import type { ComponentChildren } from "preact";
import type { AttackOptions } from "../../../contract/attacks.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { obstacleTo, optionsOf, planLimits, type PlannedNumber } from "../../story/attack-plan.ts";
import { percentText } from "../elements/figure-text.ts";
import { LeverButton, Problem, useLever } from "../elements/lever.tsx";
import { changePlan, plan } from "./plan.ts";

export function PlanForm() {
  const { playback, levers } = useDashboard();
  const { problem, pull } = useLever();
  const { type } = plan.value;
  const reason = obstacleTo(type, playback.moment.value.story);
  const why = levers.refusal.value ?? reason;
  return (
    <div class="attack-form">
      <TypeChoice />
      <PlanSlider name="share" label="mallory's share" show={percentText}>
        of the hash power; the others share the rest, and get theirs back afterwards
      </PlanSlider>
      <Choices type={type} />
      <LeverButton
        look="primary"
        reason={reason}
        onPull={() => pull(() => levers.attack(optionsOf(plan.value)))}
      >
        {beginnings[type]}
      </LeverButton>
      {why !== null && <p class="small muted">{why}</p>}
      <Problem text={problem} />
    </div>
  );
}

type AttackType = AttackOptions["type"];

/** As headings. */
export const attackNames: Readonly<Record<AttackType, string>> = {
  "double-spend": "Double spend",
  "selfish-mining": "Selfish mining",
  eclipse: "Eclipse",
};

const types: readonly (readonly [AttackType, words: string])[] = [
  ["double-spend", "pay a shop, and take the payment back with a secret branch"],
  ["selfish-mining", "hide found blocks, so that others work in vain"],
  ["eclipse", "be the shop's only peer, and show it a branch of its own"],
];

const beginnings: Readonly<Record<AttackType, string>> = {
  "double-spend": "Start: steal a coffee machine",
  "selfish-mining": "Start: hide blocks",
  eclipse: "Start: cut the shop off",
};

function TypeChoice() {
  return (
    <fieldset class="attack-types">
      <legend class="visually-hidden">Which attack</legend>
      {types.map(([type, words]) => (
        <label key={type} title={words}>
          <input
            type="radio"
            name="attack-type"
            checked={plan.value.type === type}
            onChange={() => changePlan({ type })}
          />
          {attackNames[type]}
        </label>
      ))}
    </fieldset>
  );
}

function Choices({ type }: { readonly type: AttackType }) {
  switch (type) {
    case "double-spend":
      return <DoubleSpendChoices />;
    case "selfish-mining":
      return <SelfishMiningChoices />;
    case "eclipse":
      return <ConfirmationsChoice />;
  }
}

function ConfirmationsChoice() {
  return (
    <PlanSlider name="confirmations" label="confirmations">
      that the shop waits for before it delivers
    </PlanSlider>
  );
}

function DoubleSpendChoices() {
  return (
    <>
      <ConfirmationsChoice />
      <PlanSlider name="giveUpBehind" label="gives up">
        when she is so many blocks behind
      </PlanSlider>
      <label class="attack-check">
        <input
          type="checkbox"
          checked={plan.value.premine === 1}
          onChange={(event) => changePlan({ premine: event.currentTarget.checked ? 1 : 0 })}
        />
        one block ahead: she pays only when she has a secret block
      </label>
    </>
  );
}

function SelfishMiningChoices() {
  return (
    <PlanSlider name="blocks" label="blocks">
      that all miners find before it is judged
    </PlanSlider>
  );
}

type SliderProps = {
  readonly name: PlannedNumber;
  readonly label: string;
  readonly show?: (value: number) => string;
  /** What the number means. */
  readonly children: ComponentChildren;
};

function PlanSlider({ name, label, show = String, children }: SliderProps) {
  const { min, max, step } = planLimits[name];
  const { [name]: value } = plan.value;
  return (
    <div class="attack-slider">
      <label for={`attack-${name}`}>{label}</label>
      <input
        id={`attack-${name}`}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={show(value)}
        aria-describedby={`attack-${name}-meaning`}
        onInput={(event) => changePlan({ [name]: Number(event.currentTarget.value) })}
      />
      <output class="number" for={`attack-${name}`}>
        {show(value)}
      </output>
      <small class="muted" id={`attack-${name}-meaning`}>
        {children}
      </small>
    </div>
  );
}
