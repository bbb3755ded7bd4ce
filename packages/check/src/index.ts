export { createObjectSet, type ManifestOf, type ObjectSet } from "./objects/object-set.ts";
export { placeOf } from "./place-of.ts";
export type { Edit, Finding, Fix, FoundField, Peer, Rule, RulePage, Severity } from "./rule.ts";
export { rules } from "./rules/rules.ts";
