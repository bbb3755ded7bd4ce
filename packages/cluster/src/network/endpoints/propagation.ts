import type { Range } from "../../range.ts";

/** How a change of endpoints travels from the API to the part that routes connections. */
export type Propagation =
  | { readonly kind: "instant" }
  /**
   * All changes so far are taken together, when a token is left. `pollMs`: what was taken is picked up by each
   * worker at its own next poll.
   */
  | {
      readonly kind: "batched";
      readonly ratePerSecond: number;
      readonly burst: number;
      readonly pollMs?: number;
    }
  /** Each change travels alone, and changes keep their order. */
  | { readonly kind: "streamed"; readonly minMs: number; readonly maxMs: number }
  /** Each endpoint comes and goes at its own pace. */
  | { readonly kind: "per-endpoint"; readonly addMs: Range; readonly removeMs: Range };
