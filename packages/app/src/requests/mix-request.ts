import type { Place } from "@seaworthy/errors";
import type { Expectation, RequestTemplate } from "@seaworthy/load";

/** One request of those that users ask. */
export interface MixRequest {
  readonly method: string;
  readonly path: string;
  /** The host that it was asked of, where that is known. */
  readonly host?: string;
  readonly headers?: RequestTemplate["headers"];
  readonly body?: string | Uint8Array;
  /** Its share, relative to the others: a whole number from 1. */
  readonly weight: number;
  /** The statuses that are good for it, where somebody said so: of a call of gRPC its codes. */
  readonly status?: Expectation["status"];
  /** It was found in a log or a description, and nobody wished it: where it is not answered well, it is left out. */
  readonly isFound?: boolean;
  /** A call of a method of gRPC: its path is the method's name, its body one framed message. */
  readonly grpc?: true;
  /** Where it is written, for errors. */
  readonly place?: Place | undefined;
}
