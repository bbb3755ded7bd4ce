export { compareBaseline, formatBaseline, parseBaseline, type Baseline } from "./baseline/baseline.ts";
export { chooseRules, unknownRule, type ChosenRule, type RuleChoice } from "./choice/choose-rules.ts";
export { profileNames } from "./choice/profiles.ts";
export { countFixes } from "./fix/apply-fixes.ts";
export { editFiles } from "./fix/edit-files.ts";
export { fixSets, type FixedSets, type FixOptions } from "./fix/fix-sets.ts";
export type { FixedFile } from "./fix/open-files.ts";
export { unifiedDiff } from "./fix/unified-diff.ts";
export type { Ignored } from "./ignores/apply-ignores.ts";
export { ignoreRules } from "./ignores/ignore-rules.ts";
export { readCluster } from "./live/read-cluster.ts";
export { loadKinds } from "./objects/load-kinds.ts";
export {
  createObjectSet,
  newestKubernetes,
  type ManifestOf,
  type ObjectSet,
  type ObjectSetOptions,
} from "./objects/object-set.ts";
export { checkJson } from "./output/check-json.ts";
export { pageOf, type CheckResult } from "./output/check-result.ts";
export { githubAnnotations } from "./output/github-annotations.ts";
export { junit } from "./output/junit.ts";
export { sarif } from "./output/sarif.ts";
export { loadExamples } from "./pages/load-examples.ts";
export { profilesOf, rulePage, rulesIndex } from "./pages/rule-page.ts";
export { placeOf } from "./place-of.ts";
export type { Edit, Finding, Fix, FoundField, Peer, Rule, RulePage, Severity } from "./rule.ts";
export { rules } from "./rules/rules.ts";
export { splitReadable, type SplitManifests } from "./rules/schema/split-readable.ts";
export { checkSets, type Checked, type CheckInput, type CheckOptions } from "./run/check-sets.ts";
export type { Reported } from "./run/reported.ts";
