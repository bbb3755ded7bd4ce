export { autoscalingText, type AutoscalingResult } from "./autoscaling/scaling.ts";
export { advise, type Advice } from "./causes/advice.ts";
export { attribute, type Attribution } from "./causes/attribute.ts";
export type { Cause } from "./causes/cause.ts";
export { deploymentFacts, type DeploymentFacts } from "./causes/deployment-facts.ts";
export type {
  ClusterChoice,
  EmbeddedChoice,
  Environment,
  KubeconfigChoice,
} from "./environments/environment.ts";
export { formatChange, type FieldChange } from "./causes/field-change.ts";
export { isUnavoidable } from "./causes/unavoidable.ts";
export type { Finding, FindingId } from "./causes/finding.ts";
export type { TrialRequest } from "./prepare-trial.ts";
export { scenarioNames, type ScenarioName } from "./scenarios/scenario.ts";
export { runTrial, type TrialRun } from "./run-trial.ts";
export type { Recommendation, Sized } from "./size/recommend.ts";
export { sizePatch } from "./size/size-patch.ts";
export { sizeSchema, type SizeResult } from "./size/size-result.ts";
export { sizeService, type SizeRequest } from "./size/size-service.ts";
export type {
  ContainerEnd,
  DeploymentChange,
  EndpointChange,
  PodLife,
  Timeline,
} from "./timeline/timeline.ts";
export type { Measured, MeasuredTimes } from "./times/measure-times.ts";
export { editsOf, patchText } from "./times/patch-text.ts";
export { suggestFields, type SuggestedFields, type Suggestion } from "./times/suggest-fields.ts";
export { lostStreams, streamAdvice, streamsSentence } from "./verdict/streams-verdict.ts";
export type { StreamBreak, StreamsVerdict } from "./verdict/streams-verdict.ts";
export type { TrialEvent, TrialListener } from "./trial-event.ts";
export type { HeldStream } from "./verdict/held-streams.ts";
export { lostOf } from "./verdict/lost-of.ts";
export { whatWasDone } from "./verdict/what-was-done.ts";
export { untoldFindings } from "./verdict/untold-findings.ts";
export type { ScenarioResult } from "./verdict/scenario-result.ts";
export {
  makeVerdict,
  verdictSchema,
  type CauseSummary,
  type Failure,
  type Verdict,
} from "./verdict/verdict.ts";
