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
