import type { RequestWriter } from "../http/request-writer.ts";
import type { Expectation } from "../plan/plan.ts";
import type { Slot } from "../plan/schedule.ts";

/**
 * One combination of target, client and request, with what its requests need at hand. The lanes of every plan are of this
 * class, so that the code that V8 has compiled in the rehearsal stays good for the run.
 */
export class Lane {
  readonly slot: Slot;
  readonly index: number;
  readonly target: string;
  readonly method: string;
  /** What the report calls its requests, where there are several. */
  readonly kind: string | undefined;
  /** The statuses that are good here, where they are not the plan's. */
  readonly status: Expectation["status"] | undefined;
  /** Whether its requests are calls of gRPC, whose statuses are codes. */
  readonly isCall: boolean;
  readonly writer: RequestWriter;
  /** Whether each connection of the lane is for one request only. */
  readonly closes: boolean;
  /** The client's limits; Infinity when it sets none. */
  readonly maxUses: number;
  readonly maxAgeMs: number;

  constructor(
    slot: Slot,
    writer: RequestWriter,
    { maxUses, maxAgeMs }: { readonly maxUses: number; readonly maxAgeMs: number },
    kind?: string,
  ) {
    const { target, client, request, index } = slot;
    this.slot = slot;
    this.index = index;
    this.target = target.name;
    this.method = request.method;
    this.kind = kind;
    this.isCall = request.grpc === true;
    this.status = request.status ?? (this.isCall ? okCode : target.status);
    this.writer = writer;
    this.closes = client === "new-connection";
    this.maxUses = client === "max-uses" ? maxUses : Number.POSITIVE_INFINITY;
    this.maxAgeMs = client === "max-age" ? maxAgeMs : Number.POSITIVE_INFINITY;
  }
}

const okCode: Expectation["status"] = [[0, 0]];
