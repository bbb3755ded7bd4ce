import type { Rule } from "../../rule.ts";
import { noDrain } from "./no-drain/no-drain.ts";

/** Rules about how pods end. */
export const shutdownRules: readonly Rule[] = [noDrain];
