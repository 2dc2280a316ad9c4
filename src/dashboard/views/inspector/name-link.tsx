/** Names of blocks, transactions and nodes that select what they name. */

import type { ComponentChildren } from "preact";
import type { BlockHash, Txid } from "../../../primitives/brand.ts";
import { useDashboard, type Selection } from "../../dashboard.ts";
import { shortHash } from "../../../primitives/figures.ts";
import { standingsIn } from "../../story/standing.ts";
import { branchColour } from "../branch-colour.ts";

export function BlockLink({ hash }: { readonly hash: BlockHash }) {
  const { playback } = useDashboard();
  const block = playback.moment.value.story.block(hash);
  return (
    <SelectButton selection={{ type: "block", hash }} title={`Block ${hash}`}>
      <BranchSwatch hash={hash} />
      {block !== undefined && `#${block.height} `}
      <span class="mono">{shortHash(hash)}</span>
    </SelectButton>
  );
}

export function TransactionLink({ txid }: { readonly txid: Txid }) {
  return (
    <SelectButton selection={{ type: "transaction", txid }} title={`Transaction ${txid}`}>
      <span class="mono">{shortHash(txid)}</span>
    </SelectButton>
  );
}

/** Plain text if it is the name of a stranger. */
export function NodeLink({ name }: { readonly name: string }) {
  const { playback } = useDashboard();
  if (playback.moment.value.story.node(name) === undefined) {
    return <span title={name}>{name.length > 20 ? shortHash(name) : name}</span>;
  }
  return (
    <SelectButton selection={{ type: "node", name }} title={`Node ${name}`}>
      {name}
    </SelectButton>
  );
}

export function NodeLinks({ names }: { readonly names: readonly string[] }) {
  return (
    <span class="inspector-names">
      {names.map((name) => (
        <NodeLink key={name} name={name} />
      ))}
    </span>
  );
}

/** A small block in the colour of its branch. */
function BranchSwatch({ hash }: { readonly hash: BlockHash }) {
  const { layout, playback } = useDashboard();
  const isWithheld = standingsIn(playback.moment.value.story).of(hash) === "withheld";
  const colour = isWithheld ? "var(--withheld)" : branchColour(layout, hash);
  return <span class="inspector-swatch" style={{ background: colour }} aria-hidden="true" />;
}

type SelectButtonProps = {
  readonly selection: Selection;
  readonly title: string;
  readonly children: ComponentChildren;
};

function SelectButton({ selection, title, children }: SelectButtonProps) {
  const dashboard = useDashboard();
  const select = () => {
    dashboard.selection.value = selection;
  };
  return (
    <button type="button" class="plain inspector-link" title={title} onClick={select}>
      {children}
    </button>
  );
}
