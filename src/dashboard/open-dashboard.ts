/** Joins the parts of the page: its source, recording, playback, levers and address. */

import { signal } from "@preact/signals";
import { recordingPath } from "../contract/lab.ts";
import type { PageFacts } from "../contract/page-facts.ts";
import { unreachable } from "../primitives/verdict.ts";
import { readInlineRecording } from "./page-facts.ts";
import { browserReach } from "./sources/browser-reach.ts";
import { LabSource } from "./sources/lab-source.ts";
import { nodeApi, NodeSource } from "./sources/node-source.ts";
import { RecordedSource } from "./sources/recorded-source.ts";
import type { Source } from "./sources/source.ts";
import { AddressBar } from "./state/address-bar.ts";
import type { Answer, Connection, Dashboard, Perspective, Selection } from "./state/dashboard.ts";
import { ask, labLevers } from "./state/levers.ts";
import { RecordedPlayback } from "./state/playback.ts";
import { keepTab } from "./state/tabs.ts";
import { keepTheme } from "./state/theme.ts";
import { Recording } from "./story/recording.ts";

/** The frames of the browser. */
const frames = { next: (draw: (nowMs: number) => void) => void requestAnimationFrame(draw) };

export function openDashboard(facts: PageFacts): Dashboard {
  const { kind } = facts;
  const recording = new Recording();
  const playback = new RecordedPlayback(recording, frames);
  const connection = signal<Connection>({ state: "waiting" });
  const circumstances = { kind, connection, moment: playback.moment };
  const dashboard: Dashboard = {
    kind,
    playback,
    connection,
    selection: signal<Selection | null>(null),
    perspective: signal<Perspective>("everybody"),
    look: signal<"desk" | "board">("desk"),
    theme: keepTheme(),
    tab: keepTab(kind),
    layout: recording.layout,
    levers: labLevers(circumstances, facts.kind === "lab" ? facts.token : null),
    ask: (node, path) => askNode(kind, node, path),
  };
  const addressBar = new AddressBar(dashboard);
  sourceFor(kind).start({
    hear: (events) => {
      const isFirst = recording.length === 0 && events.length > 0;
      playback.add(events);
      if (!isFirst || addressBar.showMoment() || kind !== "replay") return;
      playback.seek(recording.startedAt);
      playback.play();
    },
    connect: (next) => {
      connection.value = next;
      if (next.state === "ended") playback.complete();
    },
    startOver: () => location.reload(),
  });
  return dashboard;
}

function sourceFor(kind: Dashboard["kind"]): Source {
  switch (kind) {
    case "lab":
      return new LabSource(browserReach);
    case "node":
      return new NodeSource(browserReach);
    case "replay": {
      const inline = readInlineRecording(document);
      const lines = async () => inline ?? browserReach.read(recordingPath);
      return new RecordedSource(lines, browserReach);
    }
    default:
      return unreachable(kind);
  }
}

async function askNode(
  kind: Dashboard["kind"],
  node: string,
  path: string,
): Promise<Answer<unknown>> {
  switch (kind) {
    case "lab":
      return ask(`/${encodeURIComponent(node)}/api${path}`);
    case "node":
      return ask(nodeApi + path);
    case "replay":
      return { ok: false, problem: "This is a recording: its nodes cannot be asked." };
    default:
      return unreachable(kind);
  }
}
