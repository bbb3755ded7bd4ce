export type { Method } from "./ask.ts";
export { chooseTargets } from "./choose-targets.ts";
export { dialTcp } from "./dial-tcp.ts";
export { listUrls, type FoundUrl, type UrlSource } from "./list-urls.ts";
export { goodStatuses, resolveTargets, type ResolvedTargets } from "./resolve-targets.ts";
export { routesAt } from "./routes-at.ts";
export type { Way } from "./way.ts";
