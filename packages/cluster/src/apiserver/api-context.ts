import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { LogSource } from "../log-source.ts";
import type { Store } from "./store/store.ts";

/** What every request handler works with. */
export interface ApiContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logs: LogSource;
}
