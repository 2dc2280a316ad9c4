/** All connections of the peer graph. */

import { useDashboard } from "../../state/dashboard.ts";
import type { Edge } from "../../story/edges.ts";
import { linkKey } from "../../story/story-network.ts";
import { viewerOf } from "../elements/viewpoint.ts";
import { EdgeMark } from "./edge-mark.tsx";
import { edgeTooltip } from "./graph-words.ts";
import type { Places } from "./places.ts";

type Props = {
  readonly edges: readonly Edge[];
  readonly places: Places;
  readonly onOpen: (key: string) => void;
};

export function EdgeLayer({ edges, places, onOpen }: Props) {
  const { kind, perspective } = useDashboard();
  const viewer = viewerOf(perspective.value);
  return edges.map((edge) => {
    const key = linkKey(...edge.between);
    const [from, to] = edge.between.map((name) => places.get(name));
    if (from === undefined || to === undefined) return null;
    return (
      <EdgeMark
        key={key}
        edge={edge}
        from={from}
        to={to}
        isFaint={viewer !== null && !edge.between.includes(viewer)}
        tooltip={edgeTooltip(edge, kind)}
        onOpen={edge.isIntended ? () => onOpen(key) : undefined}
      />
    );
  });
}
