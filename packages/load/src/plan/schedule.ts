import { Arrivals } from "./arrivals.ts";
import { blockOrder } from "./block-order.ts";
import { ClosedCursor, ConstantCursor, type Cursor, PoissonCursor } from "./cursor.ts";
import type { ClientKind, LoadPlan, RequestTemplate, Target } from "./plan.ts";
import { mix, seedOf } from "./seeded.ts";

export type { Cursor } from "./cursor.ts";

/** A request without its time. */
export interface Slot {
  readonly target: Target;
  readonly client: ClientKind;
  readonly request: RequestTemplate;
  /** The slot's place in `combinations`, the same in every process. */
  readonly index: number;
}

/** Every request of a run, fixed before the first is sent. */
export interface Schedule {
  /** Each target with each client and each request that it takes. */
  readonly combinations: readonly Slot[];
  /** The requests that worker `worker` of `workers` sends. Together the workers send each request once, whatever their number. */
  cursor(worker: number, workers: number): Cursor;
  slot(i: number): Slot;
  /** A text that no other request of this run has, the same for the same seed. */
  token(i: number): string;
  /** A UUID that looks like a random one (RFC 9562 section 5.4), the same for the same seed. */
  uuid(i: number): string;
  /** Requests of the run: exact for constant arrivals, expected for Poisson arrivals, Infinity in a closed loop without `maxRequests`. */
  readonly total: number;
  /** Requests per second that the plan wants on average. Undefined in a closed loop. */
  readonly intendedRate: number | undefined;
  /** The time in which requests become due. For Poisson arrivals with `maxRequests` it is expected; the cursor has the end. */
  readonly durationMs: number;
}

/** The schedule of a plan that is valid. Targets and requests share by their weights, clients equally. */
export function schedule(plan: LoadPlan): Schedule {
  const seed = seedOf(plan.seed);
  const combinations = plan.targets
    .flatMap((target) =>
      plan.clients.flatMap((client) =>
        requestsTo(target, plan).map((request) => ({ target, client, request })),
      ),
    )
    .map((combination, index): Slot => ({ ...combination, index }));
  const order = blockOrder(
    combinations.map(({ target, request }) => (target.weight ?? 1) * (request.weight ?? 1)),
    seed,
  );
  const run = mix(seed, 0).toString(36);
  return {
    combinations,
    ...times(plan, seed),
    slot: (i) => combinations[order(i)] as Slot,
    token: (i) => `${run}-${i}`,
    uuid: (i) => uuid(seed, i),
  };
}

/** The requests of a plan that one of its targets gets. */
export function requestsTo(
  { name, methods }: Pick<Target, "name" | "methods">,
  { requests }: Pick<LoadPlan, "requests">,
): readonly RequestTemplate[] {
  return requests.filter(
    ({ method, targets }) => methods?.includes(method) !== false && targets?.includes(name) !== false,
  );
}

function times(
  { pace, maxRequests = Number.POSITIVE_INFINITY }: LoadPlan,
  seed: number,
): Pick<Schedule, "cursor" | "total" | "intendedRate" | "durationMs"> {
  if (pace.kind === "closed") {
    return {
      cursor: (worker, workers) => new ClosedCursor({ worker, workers, limit: maxRequests }),
      total: maxRequests,
      intendedRate: undefined,
      durationMs: pace.durationMs,
    };
  }
  const arrivals = new Arrivals(pace.stages);
  const durationMs = arrivals.dueMs(maxRequests);
  const expected = Math.min(arrivals.expected, maxRequests);
  const common = { intendedRate: (1000 * expected) / durationMs, durationMs };
  if (pace.arrivals === "poisson") {
    return {
      cursor: (worker, workers) => new PoissonCursor(arrivals, { worker, workers, limit: maxRequests }, seed),
      total: Math.round(expected),
      ...common,
    };
  }
  const limit = Math.min(arrivals.whole, maxRequests);
  return {
    cursor: (worker, workers) => new ConstantCursor(arrivals, { worker, workers, limit }),
    total: limit,
    ...common,
  };
}

const uuidBytes = Buffer.alloc(16);

function uuid(seed: number, i: number): string {
  for (let at = 0; at < 16; at += 4) uuidBytes.writeUInt32BE(mix(seed ^ (at + 1), i), at);
  uuidBytes[6] = ((uuidBytes[6] as number) & 0x0f) | 0x40;
  uuidBytes[8] = ((uuidBytes[8] as number) & 0x3f) | 0x80;
  const hex = uuidBytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
