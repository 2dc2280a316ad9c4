/** A field for one term of an attack, with its label, its bounds and what it means. */

import {
  type CountTerm,
  defaultOf,
  type GroupTerm,
  type ShareTerm,
  type Term,
} from "../../../attacks/record/terms.ts";
import { rangeOf } from "../../story/attack-plan.ts";
import { percentText } from "../elements/figure-text.ts";

type FieldProps<Kind extends Term> = {
  readonly id: string;
  readonly term: Kind;
  /** Undefined if it was not chosen. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
};

export function TermField({ term, ...rest }: FieldProps<Term>) {
  switch (term.kind) {
    case "share":
    case "count":
      return <SliderField term={term} {...rest} />;
    case "zero-or-one":
      return (
        <CheckField
          term={term}
          isChecked={rest.value === 1}
          onCheck={(isChecked) => rest.onChange(isChecked ? 1 : 0)}
        />
      );
    case "yes-or-no":
      return <CheckField term={term} isChecked={rest.value === true} onCheck={rest.onChange} />;
    case "group":
      return <GroupField term={term} {...rest} />;
  }
}

function SliderField({ id, term, value, onChange }: FieldProps<ShareTerm | CountTerm>) {
  const { min, max, step } = rangeOf(term);
  const number = typeof value === "number" ? value : term.default;
  const text = term.kind === "share" ? percentText(number) : String(number);
  return (
    <div class="attack-slider">
      <label for={id}>{term.label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={number}
        aria-valuetext={text}
        aria-describedby={`${id}-meaning`}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
      <output class="number" for={id}>
        {text}
      </output>
      <small class="muted" id={`${id}-meaning`}>
        {term.meaning}
      </small>
    </div>
  );
}

type CheckProps = {
  readonly term: Term;
  readonly isChecked: boolean;
  readonly onCheck: (isChecked: boolean) => void;
};

function CheckField({ term, isChecked, onCheck }: CheckProps) {
  return (
    <label class="attack-check">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onCheck(event.currentTarget.checked)}
      />
      {term.label}: {term.meaning}
    </label>
  );
}

/** Closed at first; where each member is at its default, the whole group is absent. */
function GroupField({ id, term, value, onChange }: FieldProps<GroupTerm>) {
  const members = Object.entries(term.members);
  const defaults = members.map(([name, member]) => [name, defaultOf(member)] as const);
  const values: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(defaults),
    ...(typeof value === "object" ? value : {}),
  };
  const change = (name: string, changed: unknown): void => {
    const next = { ...values, [name]: changed };
    const isChosen = defaults.some(([each, usual]) => next[each] !== usual);
    onChange(isChosen ? next : undefined);
  };
  return (
    <details open={value !== undefined}>
      <summary title={term.meaning}>{term.label}</summary>
      {members.map(([name, member]) => (
        <TermField
          key={name}
          id={`${id}-${name}`}
          term={member}
          value={values[name]}
          onChange={(changed) => change(name, changed)}
        />
      ))}
    </details>
  );
}
