import type { Notice } from "@seaworthy/errors";
import type { MixRequest } from "./mix-request.ts";

/** What users ask, as found in a log or a description of an API, and what was left out of it. */
export interface FoundMix {
  readonly requests: readonly MixRequest[];
  readonly notices: readonly Notice[];
}

/** A mix has so many requests at most: all of them are asked once before a trial begins. */
export const mostRequests = 200;
