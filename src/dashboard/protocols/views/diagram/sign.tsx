/** The signs of what happens at a process: each has a shape of its own besides its colour. */

import type { Entry } from "../../../simulator/run-record.ts";

type Drawn = Exclude<Entry["sign"], "sent" | "arrived" | "client" | "other">;

const shapes: Readonly<Record<Drawn, string>> = {
  leads: "M0-8L2.4-2.6 8-2.5 3.7 1.2 5.2 7 0 3.8-5.2 7-3.7 1.2-8-2.5-2.4-2.6Z",
  role: "M-5-6H5L-5 6H5Z",
  vote: "M-5-4H5L0 5Z",
  commit: "M0-6L5 0 0 6-5 0Z",
  write: "M-1.5-4H1.5V4H-1.5Z",
  fault: "M-6-6L6 6M6-6L-6 6",
  broken: "M0-9L9 7H-9ZM0-4V2M0 4V5.5",
};

export function isDrawn(sign: Entry["sign"]): sign is Drawn {
  return Object.hasOwn(shapes, sign);
}

/** Around the point 0, 0. */
export function Sign({ sign }: { readonly sign: Drawn }) {
  return <path class={`sign sign-${sign}`} d={shapes[sign]} />;
}
