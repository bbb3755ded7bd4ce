import type { EdgeRequest } from "./requests/edge-request.ts";
import type { HeaderChanges } from "./requests/header-changes.ts";

/** What pages of other origins may do (the Fetch standard, "CORS protocol"). */
export interface CorsSettings {
  /** `*` stands for all, and within an origin for any text. */
  readonly origins: readonly string[];
  readonly methods: string;
  readonly headers: string;
  readonly exposed: string;
  readonly allowsCredentials: boolean;
  readonly maxAgeS: number;
  /** Whether all headers come with every answer, and also to who says no origin, as nginx sends them. */
  readonly isEager: boolean;
}

/** The headers that an answer gets; undefined where the origin may not read it. */
export function corsHeaders(settings: CorsSettings, request: EdgeRequest): HeaderChanges | undefined {
  const origin = allowedOrigin(settings, request);
  if (origin === undefined) return undefined;
  const { methods, headers, exposed, allowsCredentials, maxAgeS, isEager } = settings;
  const asked = isEager || isPreflight(request);
  const set: [string, string][] = [["Access-Control-Allow-Origin", origin]];
  if (allowsCredentials) set.push(["Access-Control-Allow-Credentials", "true"]);
  if (asked && methods !== "") set.push(["Access-Control-Allow-Methods", methods]);
  if (asked && headers !== "") set.push(["Access-Control-Allow-Headers", headers]);
  if (exposed !== "") set.push(["Access-Control-Expose-Headers", exposed]);
  if (asked) set.push(["Access-Control-Max-Age", String(maxAgeS)]);
  return { set };
}

/** Whether the edge answers the request itself, because a browser only asks whether it may send another one. */
export function isAnsweredPreflight(settings: CorsSettings, request: EdgeRequest): boolean {
  const isAsking = settings.isEager ? request.method === "OPTIONS" : isPreflight(request);
  return isAsking && allowedOrigin(settings, request) !== undefined;
}

function isPreflight({ method, headers }: EdgeRequest): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

function allowedOrigin(settings: CorsSettings, { headers: { origin } }: EdgeRequest): string | undefined {
  const { origins, isEager, allowsCredentials } = settings;
  if (isEager && origins.length === 1 && origins[0] === "*") return "*";
  if (origin === undefined || !origins.some((pattern) => matchesOrigin(pattern, origin))) return undefined;
  return origins.includes("*") && !allowsCredentials ? "*" : origin;
}

function matchesOrigin(pattern: string, origin: string): boolean {
  const source = pattern.split("*").map((part) => RegExp.escape(part));
  return new RegExp(`^${source.join(".*")}$`, "i").test(origin);
}
