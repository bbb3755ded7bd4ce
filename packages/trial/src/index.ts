export { advise, type Advice } from "./advice.ts";
export { attribute, type Attribution } from "./attribute.ts";
export type { Cause } from "./cause.ts";
export { deploymentFacts, type DeploymentFacts } from "./deployment-facts.ts";
export { runsEmbedded } from "./embedded-environment.ts";
export type { ClusterChoice, EmbeddedChoice, Environment, KubeconfigChoice } from "./environment.ts";
export { formatChange, type FieldChange } from "./field-change.ts";
export type { Finding, FindingId } from "./finding.ts";
export { checkHostAccess, type HostAccessOptions } from "./host-access.ts";
export type { ManifestSet } from "./manifests/leave-out.ts";
export type { RunTool, ToolResult } from "./manifests/run-tool.ts";
export type { TrialRequest } from "./prepare-trial.ts";
export { readManifests, type ReadManifestsOptions } from "./read-manifests.ts";
export { checkReferences, type ReferenceOptions } from "./references/check-references.ts";
export { parseSettings, readSettings, settingsFile, type Settings } from "./read-settings.ts";
export { runTrial, type TrialRun } from "./run-trial.ts";
export { listUrls, type FoundUrl, type UrlSource } from "./targets/list-urls.ts";
export type { ContainerEnd, DeploymentChange, EndpointChange, PodLife, Timeline } from "./timeline.ts";
export type { TrialEvent, TrialListener } from "./trial-event.ts";
export {
  makeVerdict,
  verdictSchema,
  type CauseSummary,
  type Failure,
  type ScenarioResult,
  type Verdict,
} from "./verdict.ts";
