/** What a page receives from the server that serves it. */

/** What the server writes into the page's head, as the content of `<meta name="powlab">`. */
export type PageFacts =
  /** The token pulls the lab's levers. Pages of other origins cannot read it. */
  | { readonly kind: "lab"; readonly token: string }
  | { readonly kind: "node" }
  /** The timeline is at /timeline, and nothing is added to it. */
  | { readonly kind: "replay" };

/** The same of the page for protocols: which page is at `/` beside it. */
export type ProtocolsPageFacts = { readonly beside: PageFacts["kind"] | "nothing" };
