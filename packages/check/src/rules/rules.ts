import type { Rule } from "../rule.ts";
import { networkRules } from "./network/network-rules.ts";
import { referencesRules } from "./references/references-rules.ts";
import { schemaRules } from "./schema/schema-rules.ts";
import { shutdownRules } from "./shutdown/shutdown-rules.ts";

/** Every rule, in the order in which pages list them. */
export const rules: readonly Rule[] = [...schemaRules, ...referencesRules, ...networkRules, ...shutdownRules];
