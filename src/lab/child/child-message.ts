/** Messages between a lab and a node in a process of its own: plain data over Node's IPC channel. */

export type ToChild =
  | {
      readonly type: "call";
      readonly id: number;
      readonly action: string;
      readonly values: readonly unknown[];
    }
  | { readonly type: "stop" };

/** @typeParam Ready what it says of itself when it has started, @typeParam News what it tells. */
export type FromChild<Ready, News> =
  | { readonly type: "ready"; readonly ready: Ready }
  /** It could not start. */
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly reason: string }
  | { readonly type: "news"; readonly news: News }
  | { readonly type: "failed"; readonly reason: string };
