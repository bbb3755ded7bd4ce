export { chooseRules, unknownRule, type ChosenRule, type RuleChoice } from "./choice/choose-rules.ts";
export { profileNames } from "./choice/profiles.ts";
export { loadKinds } from "./objects/load-kinds.ts";
export {
  createObjectSet,
  newestKubernetes,
  type ManifestOf,
  type ObjectSet,
  type ObjectSetOptions,
} from "./objects/object-set.ts";
export { placeOf } from "./place-of.ts";
export type { Edit, Finding, Fix, FoundField, Peer, Rule, RulePage, Severity } from "./rule.ts";
export { rules } from "./rules/rules.ts";
export { splitReadable, type SplitManifests } from "./rules/schema/split-readable.ts";
export { checkSets, type CheckInput } from "./run/check-sets.ts";
export type { Reported } from "./run/reported.ts";
