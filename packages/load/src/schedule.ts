import type { ClientKind, LoadPlan, Target } from "./plan.ts";

/** What request number i is; when it is due is `intendedOffsetMs(i)`. */
export interface Slot {
  readonly target: Target;
  readonly client: ClientKind;
  readonly method: "GET" | "POST";
}

/** Every request of a run, fixed before the first is sent. */
export interface Schedule {
  /** How many requests the whole run has. */
  readonly total: number;
  /** Milliseconds after the start at which request i is due; never decreasing. */
  intendedOffsetMs(i: number): number;
  slot(i: number): Slot;
  /** A text that no other request of this run has, the same for the same seed. */
  token(i: number): string;
}

/**
 * The schedule of a plan. Requests come in blocks which hold each target × client × method once, in an order drawn per
 * block: shares are equal, and no combination keeps step with something that takes turns behind the target.
 */
export function schedule(plan: LoadPlan): Schedule {
  const combinations: Slot[] = plan.targets.flatMap((target) =>
    plan.clients.flatMap((client) => plan.methods.map((method) => ({ target, client, method }))),
  );
  const size = combinations.length;
  let block = -1;
  let order: Slot[] = [];
  return {
    total: Math.floor((plan.ratePerSecond * plan.maxDurationMs) / 1000),
    intendedOffsetMs: (i) => (i * 1000) / plan.ratePerSecond,
    slot(i) {
      const wanted = Math.floor(i / size);
      if (wanted !== block) {
        block = wanted;
        order = shuffled(combinations, mix(plan.seed, wanted));
      }
      return order[i % size] as Slot;
    },
    token: (i) => `${i.toString(36)}-${mix(plan.seed, i).toString(36)}`,
  };
}

/** Fisher-Yates with a generator of its own, so that a block's order depends on nothing but its seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = mix(seed, i) % (i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** Two numbers to 32 well-mixed bits (the finalizer of MurmurHash3). */
function mix(a: number, b: number): number {
  let h = (Math.imul(a | 0, 0x9e3779b1) ^ Math.imul((b | 0) + 0x7f4a7c15, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
