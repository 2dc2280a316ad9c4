/** A table of facts: a name and a value in each row. */

import type { ComponentChildren } from "preact";
import { CopyButton } from "../elements/copy-button.tsx";

export function Facts({ children }: { readonly children: ComponentChildren }) {
  return <dl class="inspector-facts">{children}</dl>;
}

type FactProps = {
  readonly name: string;
  /** What the name means: its tooltip. */
  readonly meaning?: string;
  readonly children: ComponentChildren;
};

export function Fact({ name, meaning, children }: FactProps) {
  return (
    <div>
      <dt title={meaning}>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Text that is too long for its row, with a button that copies all of it. */
export function LongText({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <span class="inspector-long">
      <span class="mono" title={text}>
        {text}
      </span>
      <CopyButton text={text} name={name} />
    </span>
  );
}
