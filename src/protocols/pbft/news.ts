/** What a replica tells of itself, and its words. */

import { unreachable } from "../../primitives/verdict.ts";
import type { Evidence } from "../process/evidence.ts";

export type PbftNews =
  | { readonly type: "pre-prepared"; readonly view: number; readonly number: number }
  | { readonly type: "prepared"; readonly view: number; readonly number: number }
  | { readonly type: "committed"; readonly number: number; readonly command: string }
  | { readonly type: "stable"; readonly number: number }
  | { readonly type: "installed"; readonly number: number }
  | { readonly type: "left-view"; readonly view: number; readonly prepared: number }
  | { readonly type: "entered-view"; readonly view: number; readonly leads: boolean }
  | { readonly type: "equivocation"; readonly evidence: Evidence };

export function tell(news: PbftNews): string {
  switch (news.type) {
    case "pre-prepared":
      return `accepts the proposal for number ${news.number} in view ${news.view}`;
    case "prepared":
      return `has prepared number ${news.number} in view ${news.view}`;
    case "committed":
      return `carries out number ${news.number}: ${news.command}`;
    case "stable":
      return `checkpoint ${news.number} is stable`;
    case "installed":
      return `takes over the state after number ${news.number}`;
    case "left-view":
      return `wants view ${news.view}, with ${news.prepared} prepared`;
    case "entered-view":
      return news.leads ? `leads view ${news.view}` : `enters view ${news.view}`;
    case "equivocation": {
      const { culprit, about } = news.evidence;
      return `has evidence against ${culprit}: two signed statements for ${about}`;
    }
    default:
      return unreachable(news);
  }
}
