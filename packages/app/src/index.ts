export { leaveOut, type ManifestSet } from "./manifests/leave-out.ts";
export {
  readManifests,
  type ReadManifestsOptions,
  type SourcedManifests,
} from "./manifests/read-manifests.ts";
export type { ManifestSource } from "./manifests/manifest-source.ts";
export { parseManifestSet } from "./manifests/parse-manifest-set.ts";
export { kustomizationNames } from "./manifests/find-files.ts";
export type { Origin } from "./manifests/read-origins.ts";
export { parseSet, readSets, type ReadSet, type ReadSets } from "./manifests/read-sets.ts";
export type { SourceOptions } from "./manifests/read-sources.ts";
export type { RunTool, ToolResult } from "./manifests/run-tool.ts";
export { findReferences, type Reference } from "./relations/find-references.ts";
export { checkHostAccess, type HostAccessOptions } from "./relations/host-access.ts";
export { readAccessLog, type AccessLog } from "./requests/access-log/read-access-log.ts";
export type { FoundMix } from "./requests/found-mix.ts";
export type { MixRequest } from "./requests/mix-request.ts";
export { readOpenapi, type ApiDescription } from "./requests/openapi/read-openapi.ts";
export { isProbeRequest } from "./requests/is-probe-request.ts";
export { requestTemplate } from "./requests/request-template.ts";
export type { StreamWish } from "./requests/stream-wish.ts";
export { sharesOf } from "./requests/shares-of.ts";
export { findRoutes } from "./routes/find-routes.ts";
export { leftOutLines, leftOutNotices, type LeftOut, type LeftOutReason } from "./routes/left-out.ts";
export { declaresPort, probePathsOf } from "./routes/probe-paths.ts";
export type { RequestPath } from "./routes/request-path.ts";
export type { Route, RouteWishes } from "./routes/route.ts";
export { shortName } from "./short-name.ts";
export { unreadable } from "./unreadable.ts";
export {
  parseSettings,
  readSettings,
  settingsFile,
  type RunSetting,
  type Settings,
} from "./settings/read-settings.ts";
export {
  ruleLevels,
  type CheckSettings,
  type RuleLevel,
  type RuleSetting,
} from "./settings/check-settings.ts";
