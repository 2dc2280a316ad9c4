/** Where the next attack is set up and begun: a form made of the terms of each. */

import { attackNamed, attackNames } from "../../../attacks/catalogue.ts";
import { useDashboard } from "../../state/dashboard.ts";
import { attackIn, reasonAgainstAttack } from "../../story/attack-plan.ts";
import { LeverButton, Problem, useLever } from "../elements/lever.tsx";
import { choose, chooseAttack, plan } from "./plan.ts";
import { TermField } from "./term-field.tsx";

export function PlanForm() {
  const { playback, levers } = useDashboard();
  const { problem, pull } = useLever();
  const { type, values } = plan.value;
  const { terms, words } = attackNamed(type);
  const reason = reasonAgainstAttack(type, playback.moment.value.story);
  const why = levers.refusal.value ?? reason;
  const chosen: Readonly<Record<string, unknown>> = values[type];
  return (
    <div class="attack-form">
      <AttackChoice />
      {Object.entries(terms).map(([name, term]) => (
        <TermField
          key={`${type} ${name}`}
          id={`attack-${name}`}
          term={term}
          value={chosen[name]}
          onChange={(value) => choose(name, value)}
        />
      ))}
      <LeverButton
        look="primary"
        reason={reason}
        onPull={() => pull(() => levers.attack(attackIn(plan.value)))}
      >
        {words.begin}
      </LeverButton>
      {why !== null && <p class="small muted">{why}</p>}
      <Problem text={problem} />
    </div>
  );
}

function AttackChoice() {
  return (
    <fieldset class="attack-types">
      <legend class="visually-hidden">Which attack</legend>
      {attackNames.map((name) => (
        <label key={name} title={attackNamed(name).words.sentence}>
          <input
            type="radio"
            name="attack-type"
            checked={plan.value.type === name}
            onChange={() => chooseAttack(name)}
          />
          {attackNamed(name).words.title}
        </label>
      ))}
    </fieldset>
  );
}
