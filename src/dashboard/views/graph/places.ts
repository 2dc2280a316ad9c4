/** The places of the nodes in the peer graph: a force-directed layout, equal for equal networks. */

import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import type { Groups } from "../../../contract/network.ts";
import type { Point } from "../../story/lasso.ts";
import type { Size } from "../elements/element-size.ts";

export type Places = ReadonlyMap<string, Point>;

export type Network = {
  readonly names: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
  /** Of a partition; null if all are one network. */
  readonly groups: Groups | null;
};

type Body = SimulationNodeDatum & { readonly name: string; x: number; y: number };

const settleTicks = 240;
const driftTicks = 120;
/** Room for a node with its ring and its name. */
const roomPx = 34;
/** Left free at the borders of the field, for the same. */
const marginPx = { x: 42, top: 34, bottom: 54 };

/**
 * Starts with the nodes on a circle, and lets links attract and nodes repel until they settle. The
 * groups of a partition are then moved apart. The result does not depend on which nodes are up.
 */
export function placesOf({ names, pairs, groups }: Network, field: Size): Places {
  const bodies = onCircle(names, field);
  const known = new Set(names);
  const joined = pairs.filter(([a, b]) => known.has(a) && known.has(b));
  rest(bodies, joined, () => middleOf(field), 0.08, settleTicks, field);
  if (groups !== null) {
    const centres = groupCentres(bodies, groups, field);
    const groupOf = new Map(groups.flatMap((group, i) => group.map((name) => [name, i] as const)));
    const within = joined.filter(([a, b]) => groupOf.get(a) === groupOf.get(b));
    const centreOf = (name: string) => centres[groupOf.get(name) ?? -1] ?? middleOf(field);
    rest(bodies, within, centreOf, 0.15, driftTicks, field);
  }
  return fit(bodies, field);
}

function onCircle(names: readonly string[], field: Size): readonly Body[] {
  const middle = middleOf(field);
  return names.map((name, i) => {
    const angle = (2 * Math.PI * i) / names.length - Math.PI / 2;
    const x = middle.x + (field.widthPx / 3) * Math.cos(angle);
    return { name, x, y: middle.y + (field.heightPx / 3) * Math.sin(angle) };
  });
}

function rest(
  bodies: readonly Body[],
  pairs: Network["pairs"],
  centreOf: (name: string) => Point,
  pull: number,
  ticks: number,
  { widthPx, heightPx }: Size,
): void {
  const links = pairs.map(([source, target]): SimulationLinkDatum<Body> => ({ source, target }));
  const distancePx = 0.7 * Math.sqrt((widthPx * heightPx) / Math.max(1, bodies.length));
  const link = forceLink<Body, SimulationLinkDatum<Body>>(links)
    .id(({ name }) => name)
    .distance(distancePx)
    .strength(0.25);
  forceSimulation([...bodies])
    .stop()
    .force("link", link)
    .force("push", forceManyBody<Body>().strength(-6 * distancePx))
    .force("room", forceCollide<Body>(roomPx))
    .force("x", forceX<Body>(({ name }) => centreOf(name).x).strength(pull))
    .force("y", forceY<Body>(({ name }) => centreOf(name).y).strength(pull))
    .tick(ticks);
}

/** Along the longer side of the field, in the order in which the groups already stand. */
function groupCentres(bodies: readonly Body[], groups: Groups, field: Size): readonly Point[] {
  const isWide = field.widthPx > field.heightPx;
  const alongOf = ({ x, y }: Point): number => (isWide ? x : y);
  const meanOf = (group: readonly string[]): number => {
    const members = bodies.filter(({ name }) => group.includes(name));
    return members.reduce((sum, body) => sum + alongOf(body), 0) / Math.max(1, members.length);
  };
  const order = [...groups].sort((a, b) => meanOf(a) - meanOf(b));
  const middle = middleOf(field);
  const length = 2 * alongOf(middle);
  return groups.map((group) => {
    const along = ((order.indexOf(group) + 0.5) / groups.length) * length;
    return isWide ? { x: along, y: middle.y } : { x: middle.x, y: along };
  });
}

/** Stretches the drawing until it fills the field. */
function fit(bodies: readonly Body[], { widthPx, heightPx }: Size): Places {
  const scaleX = scaleTo(
    bodies.map(({ x }) => x),
    marginPx.x,
    widthPx - marginPx.x,
  );
  const scaleY = scaleTo(
    bodies.map(({ y }) => y),
    marginPx.top,
    heightPx - marginPx.bottom,
  );
  return new Map(bodies.map(({ name, x, y }) => [name, { x: scaleX(x), y: scaleY(y) }]));
}

function scaleTo(values: readonly number[], min: number, max: number): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low < 1) return () => (min + max) / 2;
  return (value) => min + ((value - low) / (high - low)) * (max - min);
}

function middleOf({ widthPx, heightPx }: Size): Point {
  return { x: widthPx / 2, y: heightPx / 2 };
}
