/** Which page stands beside the one for protocols: the server writes it into the head. */

import type { ProtocolsPageFacts } from "../../contract/page-facts.ts";

const names: Readonly<Record<Exclude<ProtocolsPageFacts["beside"], "nothing">, string>> = {
  lab: "Lab",
  node: "Node",
  replay: "Recording",
};

/** Its name; undefined if there is none. */
export function readPlaceBeside(document: Document): string | undefined {
  const content = document.querySelector<HTMLMetaElement>('meta[name="powlab"]')?.content;
  if (content === undefined) return undefined;
  const { beside } = JSON.parse(content) as ProtocolsPageFacts;
  return beside === "nothing" ? undefined : names[beside];
}
