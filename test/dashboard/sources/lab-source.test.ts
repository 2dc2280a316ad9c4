import { expect, test } from "vitest";
import { labRoutes } from "../../../src/contract/lab.ts";
import { LabSource } from "../../../src/dashboard/sources/lab-source.ts";
import { Tale } from "../story/tale.ts";
import { HandMadeReach, Heard, linesOf, settle } from "./hand-made-reach.ts";

async function started(tale: Tale) {
  const reach = new HandMadeReach();
  const heard = new Heard();
  reach.answers.set(labRoutes.timeline, linesOf(tale.events));
  new LabSource(reach).start(heard);
  await settle();
  return { reach, heard };
}

test("the timeline is read, then the stream begins behind its last line", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  expect(heard.events).toEqual(tale.numbered);
  expect(reach.stream.path).toBe(`/lab/events?after=${tale.events.length}`);
  reach.stream.listener.opened();
  const known = tale.events.length;
  for (const { id, event } of tale.mine("a1", "alice").numbered.slice(known)) {
    reach.stream.listener.heard(id, JSON.stringify(event));
  }
  expect(heard.events).toEqual(tale.numbered);
  expect(heard.connections).toEqual(["open"]);
});

test("a line that is told twice is heard once", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  const next = tale.end().numbered.at(-1)!;
  reach.stream.listener.heard(next.id - 1, JSON.stringify(tale.events.at(-2)));
  reach.stream.listener.heard(next.id, JSON.stringify(next.event));
  expect(heard.ids).toEqual(tale.numbered.map(({ id }) => id));
});

test("half a line, which a killed lab leaves, is left out", async () => {
  const reach = new HandMadeReach();
  const heard = new Heard();
  const tale = new Tale();
  reach.answers.set(labRoutes.timeline, `${linesOf(tale.events)}{"at":12,"type":"bl`);
  new LabSource(reach).start(heard);
  await settle();
  expect(heard.events).toEqual(tale.numbered);
});

test("a lab that does not answer yet is asked again", async () => {
  const reach = new HandMadeReach();
  const heard = new Heard();
  new LabSource(reach).start(heard);
  await settle();
  expect(heard.connections).toEqual([]);
  reach.answers.set(labRoutes.timeline, linesOf(new Tale().events));
  for (let i = 0; i < 5 && reach.streams.length === 0; i += 1) await settle();
  expect(reach.streams).toHaveLength(1);
});

test("a broken stream is told, and that it came back", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  reach.stream.listener.opened();
  reach.stream.listener.broke();
  reach.answers.set(labRoutes.lab, '{"timeline":"/data/timeline.jsonl"}');
  reach.stream.listener.opened();
  const next = tale.mine("a1", "alice").numbered[heard.events.length]!;
  reach.stream.listener.heard(next.id, JSON.stringify(next.event));
  await settle();
  expect(heard.connections).toEqual(["open", "lost", "open"]);
  expect(heard.ids.at(-1)).toBe(next.id);
  expect(heard.startedOver).toBe(0);
  expect(reach.streams).toHaveLength(1);
});

test("nothing is heard of another lab that has come to the same place", async () => {
  const { reach, heard } = await started(new Tale());
  const heardBefore = heard.events.length;
  reach.stream.listener.opened();
  reach.stream.listener.broke();
  reach.stream.listener.opened(); // it is opening, and cannot say yet what it is
  reach.stream.listener.heard(heardBefore + 1, '{"at":1,"type":"healed"}');
  await settle();
  reach.answers.set(labRoutes.lab, '{"timeline":"/other/timeline.jsonl"}');
  for (let i = 0; i < 5 && heard.startedOver === 0; i += 1) await settle();
  expect(heard.startedOver).toBe(1);
  expect(heard.events).toHaveLength(heardBefore);
  expect(heard.connections).toEqual(["open", "lost"]);
});

test("what the stream missed is read from the timeline", async () => {
  const tale = new Tale();
  const { reach } = await started(tale);
  reach.answers.set(labRoutes.timeline, linesOf(tale.mine("a1", "alice").events));
  const [first] = reach.streams;
  first!.listener.missed();
  await settle();
  expect(first!.isOpen).toBe(false);
  expect(reach.stream.path).toBe(`/lab/events?after=${tale.events.length}`);
});

test("a stream that gives up is opened anew behind the last line", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  reach.stream.listener.opened();
  reach.stream.listener.closed();
  for (let i = 0; i < 5 && reach.streams.length === 1; i += 1) await settle();
  expect(reach.streams).toHaveLength(2);
  expect(heard.connections).toEqual(["open", "lost"]);
});

test("the lab's last line ends it", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  reach.stream.listener.heard(tale.events.length + 1, JSON.stringify(tale.end().events.at(-1)));
  expect(heard.connections).toEqual(["ended"]);
  expect(reach.stream.isOpen).toBe(false);
});

test("a lab that has ended needs no stream", async () => {
  const { reach, heard } = await started(new Tale().end());
  expect(heard.connections).toEqual(["ended"]);
  expect(reach.streams).toEqual([]);
});

test("another lab at the same place begins a new page", async () => {
  const { reach, heard } = await started(new Tale().mine("a1", "alice"));
  reach.answers.set(labRoutes.timeline, linesOf(new Tale().events));
  reach.stream.listener.missed();
  await settle();
  expect(heard.startedOver).toBe(1);
});

test("another lab is known by its file, also if it has told more", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  const other = new Tale().mine("a1", "alice").mine("a2", "bob");
  const lines = linesOf(other.events).replaceAll("/data/timeline.jsonl", "/other/timeline.jsonl");
  reach.answers.set(labRoutes.timeline, lines);
  reach.stream.listener.missed();
  await settle();
  expect(heard.startedOver).toBe(1);
  expect(heard.events).toEqual(tale.numbered);
});

test("a lab that goes on in the same folder begins a new page, too", async () => {
  const tale = new Tale();
  const { reach, heard } = await started(tale);
  const opening = JSON.stringify(new Tale().events[0]);
  reach.stream.listener.heard(tale.events.length + 1, opening);
  expect(heard.startedOver).toBe(1);
});
