export type { Method } from "./ask.ts";
export { chooseTargets } from "./choose-targets.ts";
export { confirmRequests } from "./confirm-requests.ts";
export { serverNameOf, wayBy } from "./edge-way.ts";
export { findHttps } from "./find-https.ts";
export { listUrls, type FoundUrl, type UrlSource } from "./list-urls.ts";
export { goodStatuses, resolveTargets, type ResolvedTargets } from "./resolve-targets.ts";
export { routesAt } from "./routes-at.ts";
export type { Way } from "./way.ts";
