/** The menu of the node or connection that was clicked last. */

import { useDashboard } from "../../state/dashboard.ts";
import { type Edge, isParted } from "../../story/edges.ts";
import { linkKey } from "../../story/story-network.ts";
import type { Size } from "../elements/element-size.ts";
import type { Pull } from "../elements/lever.tsx";
import { along } from "./edge-mark.tsx";
import { EdgeMenu, NodeMenu } from "./menu.tsx";
import type { Places } from "./places.ts";

export type Opened =
  | { readonly type: "node"; readonly name: string }
  /** Of an edge, as `linkKey` names it. */
  | { readonly type: "edge"; readonly key: string };

type Props = {
  readonly opened: Opened;
  readonly edges: readonly Edge[];
  readonly places: Places;
  readonly field: Size;
  readonly chosen: readonly string[];
  readonly pull: Pull;
  readonly onChoose: (name: string) => void;
  readonly onClose: () => void;
};

export function OpenedMenu({ opened, edges, places, chosen, onChoose, ...frame }: Props) {
  const { story } = useDashboard().playback.moment.value;
  if (opened.type === "node") {
    const [node, at] = [story.node(opened.name), places.get(opened.name)];
    if (node === undefined || at === undefined) return null;
    const { name } = node;
    const isChosen = chosen.includes(name);
    const choose = () => onChoose(name);
    return <NodeMenu key={name} {...{ node, at, isChosen }} onChoose={choose} {...frame} />;
  }
  const edge = edges.find(({ between }) => linkKey(...between) === opened.key);
  const [from, to] = edge?.between.map((name) => places.get(name)) ?? [];
  if (edge === undefined || from === undefined || to === undefined) return null;
  const at = along(from, to, 0.5);
  const usualMs = story.setting?.latencyMs ?? 0;
  const facts = { edge, at, usualMs, isParted: isParted(story, ...edge.between) };
  return <EdgeMenu key={opened.key} {...facts} {...frame} />;
}
