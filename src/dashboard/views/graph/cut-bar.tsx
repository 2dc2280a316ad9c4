/** The buttons below the peer graph: cut the chosen nodes off, and heal the network. */

import { useDashboard } from "../../state/dashboard.ts";
import type { Edge } from "../../story/edges.ts";
import { LeverButton, type Pull } from "../elements/lever.tsx";

type Props = {
  readonly chosen: readonly string[];
  readonly edges: readonly Edge[];
  readonly pull: Pull;
  readonly onDone: () => void;
};

/** More names than these are too long for a button. */
const namesMax = 3;

export function CutBar({ chosen, edges, pull, onDone }: Props) {
  const { levers, playback } = useDashboard();
  const { groups, nodes } = playback.moment.value.story;
  const isWhole = groups === null && !edges.some(({ state, isSlow }) => state === "cut" || isSlow);
  return (
    <div class="row cut-bar">
      <LeverButton
        reason={reasonAgainst(chosen, nodes.length)}
        onPull={() => {
          pull(() => levers.partition([chosen]));
          onDone();
        }}
      >
        {chosen.length === 0 ? "Cut nodes off" : `Cut ${listOf(chosen)} off`}
      </LeverButton>
      {chosen.length > 0 && (
        <button
          type="button"
          aria-label="Clear the choice"
          title="Clear the choice"
          onClick={onDone}
        >
          ×
        </button>
      )}
      <LeverButton
        reason={isWhole ? "No link is cut or slowed." : null}
        onPull={() => pull(() => levers.heal())}
      >
        Heal
      </LeverButton>
    </div>
  );
}

function reasonAgainst(chosen: readonly string[], nodeCount: number): string | null {
  if (chosen.length === 0) return "First draw a line around some nodes, or Shift+click them.";
  return chosen.length < nodeCount ? null : "At least one node must remain outside.";
}

function listOf(names: readonly string[]): string {
  return names.length > namesMax ? `${names.length} nodes` : names.join(", ");
}
