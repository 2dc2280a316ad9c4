/** What the address of the page holds: settings, schedule and moment, so that a link repeats a picture. */

import { type RunSettings, settingsLimits, usualSettings } from "../../simulator/run-settings.ts";

export type PageAddress = {
  readonly protocol: string;
  /** The protocol's usual number, if undefined. */
  readonly nodes: number | undefined;
  readonly settings: Omit<RunSettings, "protocol" | "nodes">;
  /** As people write it. */
  readonly schedule: string;
  /** As `encodeMoment` writes it; undefined for the first election. */
  readonly moment: string | undefined;
};

const usualProtocol = "raft";

/** @param hash with or without its sign; what it lacks, or has beyond the limits, is as usual. */
export function decodePageAddress(hash: string): PageAddress {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const { clients, durationMs, delayMsMin, delayMsMax } = usualSettings;
  const limits = settingsLimits;
  const seconds = whole(given.get("seconds"));
  const [least, most] = (given.get("delay") ?? "").split("-").map(whole);
  const delayMin = bounded(least, limits.delayMs) ?? delayMsMin;
  const delayMax = bounded(most ?? least, limits.delayMs) ?? delayMsMax;
  return {
    protocol: given.get("protocol") || usualProtocol,
    nodes: bounded(whole(given.get("nodes")), limits.nodes),
    settings: {
      mutant: given.get("mutant") || undefined,
      seed: given.get("seed") ?? usualSettings.seed,
      clients: bounded(whole(given.get("clients")), limits.clients) ?? clients,
      durationMs: bounded(seconds && seconds * 1000, limits.durationMs) ?? durationMs,
      delayMsMin: Math.min(delayMin, delayMax),
      delayMsMax: Math.max(delayMin, delayMax),
    },
    schedule: given.get("faults") ?? "",
    moment: given.get("at") ?? undefined,
  };
}

/** With its sign; what is as usual is left out. */
export function encodePageAddress({ protocol, nodes, ...address }: PageAddress): string {
  const { mutant, seed, clients, durationMs, delayMsMin, delayMsMax } = address.settings;
  const usual = usualSettings;
  const isUsualDelay = delayMsMin === usual.delayMsMin && delayMsMax === usual.delayMsMax;
  const delay = delayMsMin === delayMsMax ? `${delayMsMin}` : `${delayMsMin}-${delayMsMax}`;
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["protocol", protocol],
    ["mutant", mutant],
    ["seed", seed],
    ["nodes", nodes === undefined ? undefined : String(nodes)],
    ["clients", clients === usual.clients ? undefined : String(clients)],
    ["seconds", durationMs === usual.durationMs ? undefined : String(durationMs / 1000)],
    ["delay", isUsualDelay ? undefined : delay],
    ["faults", address.schedule === "" ? undefined : address.schedule.replaceAll("\n", ";")],
    ["at", address.moment],
  ];
  const given = parts.filter((part): part is [string, string] => part[1] !== undefined);
  return `#${new URLSearchParams(given)}`;
}

function whole(text: string | null | undefined): number | undefined {
  return text && /^\d+$/.test(text) ? Number(text) : undefined;
}

function bounded(
  value: number | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
