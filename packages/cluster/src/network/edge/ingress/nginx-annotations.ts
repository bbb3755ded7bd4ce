import type { CorsSettings } from "../cors.ts";
import type { PodProtocol } from "../edge-route.ts";
import type { Affinity } from "../pods/affinity.ts";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import { readCanary, type Canary } from "./nginx-canary.ts";

const prefix = "nginx.ingress.kubernetes.io";

/** What the annotations of an Ingress ask for. */
export interface NginxSettings {
  readonly behavior: ProxyBehavior;
  /** Paths are regexes, of all Ingresses of a host when one of them says so. */
  readonly usesRegex: boolean;
  readonly rewriteTarget: string | undefined;
  /** Whether HTTP is redirected to HTTPS: where the host has TLS, whether or not it has, or never. */
  readonly httpsRedirect: "with-tls" | "always" | "never";
  /** Where every request is sent instead. */
  readonly redirect: { readonly status: number; readonly url: string } | undefined;
  /** Where requests of `/` are sent. */
  readonly appRoot: string | undefined;
  readonly cors: CorsSettings | undefined;
  readonly protocol: PodProtocol;
  readonly affinity: Affinity | undefined;
  readonly canary: Canary | undefined;
}

/**
 * Reads the annotations of ingress-nginx (user-guide/nginx-configuration/annotations). How a proxy behaves they change for
 * nginx only, because others do not read them.
 */
export function readNginxAnnotations(
  behavior: ProxyBehavior,
  annotations: Readonly<Record<string, string>>,
): NginxSettings {
  const read = (name: string) => annotations[`${prefix}/${name}`]?.trim();
  const rewriteTarget = annotations[`${prefix}/rewrite-target`];
  const isNginx = behavior.classNames.includes("nginx");
  const always = read("force-ssl-redirect") === "true";
  return {
    behavior: isNginx ? changed(behavior, read) : behavior,
    httpsRedirect: always ? "always" : read("ssl-redirect") === "false" ? "never" : "with-tls",
    redirect: readRedirect(read),
    appRoot: read("app-root"),
    cors: readCors(read),
    protocol: readProtocol(read("backend-protocol")),
    affinity: readAffinity(read),
    canary: readCanary(read),
    usesRegex: rewriteTarget !== undefined || read("use-regex") === "true",
    rewriteTarget,
  };
}

type Read = (name: string) => string | undefined;

function readRedirect(read: Read): NginxSettings["redirect"] {
  const status = (name: string, otherwise: number) => {
    const code = Number(read(name));
    return code >= 300 && code <= 308 ? code : otherwise;
  };
  const temporal = read("temporal-redirect");
  if (temporal !== undefined) return { status: status("temporal-redirect-code", 302), url: temporal };
  const permanent = read("permanent-redirect");
  if (permanent === undefined) return undefined;
  return { status: status("permanent-redirect-code", 301), url: permanent };
}

function readCors(read: Read): CorsSettings | undefined {
  if (read("enable-cors") !== "true") return undefined;
  return {
    origins: (read("cors-allow-origin") ?? "*").split(",").map((each) => each.trim()),
    methods: read("cors-allow-methods") ?? "GET, PUT, POST, DELETE, PATCH, OPTIONS",
    headers:
      read("cors-allow-headers") ??
      "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization",
    exposed: read("cors-expose-headers") ?? "",
    allowsCredentials: read("cors-allow-credentials") !== "false",
    maxAgeS: Number(read("cors-max-age") ?? 1_728_000),
    isEager: true,
  };
}

/** With GRPCS the edge would speak TLS to the pods; it is not told apart, and HTTP/2 is spoken without. */
function readProtocol(text = "HTTP"): PodProtocol {
  const name = text.toUpperCase();
  return name === "HTTPS" ? "https" : name === "GRPC" || name === "GRPCS" ? "h2c" : "http";
}

function readAffinity(read: Read): Affinity | undefined {
  if (read("affinity") !== "cookie") return undefined;
  const maxAge = read("session-cookie-max-age");
  const sameSite = read("session-cookie-samesite");
  const domain = read("session-cookie-domain");
  return {
    cookie: read("session-cookie-name") ?? "INGRESSCOOKIE",
    attributes: [
      ...(maxAge === undefined ? [] : [`; Max-Age=${maxAge}`]),
      ...(domain === undefined ? [] : [`; Domain=${domain}`]),
      `; Path=${read("session-cookie-path") ?? "/"}`,
      ...(sameSite === undefined ? [] : [`; SameSite=${sameSite}`]),
      "; HttpOnly",
    ].join(""),
  };
}

function changed(behavior: ProxyBehavior, read: Read): ProxyBehavior {
  const seconds = (name: string, otherwise: number) => {
    const value = /^(\d+)s?$/.exec(read(name) ?? "")?.[1];
    return value === undefined ? otherwise : Number(value) * 1000;
  };
  const maxBytes = bytes(read("proxy-body-size")) ?? behavior.requestBuffer?.maxBytes ?? 0;
  const buffered = read("proxy-request-buffering") !== "off";
  const nextUpstream = read("proxy-next-upstream");
  const tries = Number(read("proxy-next-upstream-tries") ?? behavior.tries);
  const { requestBuffer: _, ...rest } = behavior;
  return {
    ...rest,
    ...(buffered ? { requestBuffer: { maxBytes } } : {}),
    connectTimeoutMs: seconds("proxy-connect-timeout", behavior.connectTimeoutMs),
    readTimeoutMs: seconds("proxy-read-timeout", behavior.readTimeoutMs),
    retry: nextUpstream === "off" ? "none" : behavior.retry,
    // For nginx 0 means without a limit.
    tries: Number.isInteger(tries) && tries >= 0 ? (tries === 0 ? Infinity : tries) : behavior.tries,
  };
}

/** An nginx size: `8m`, `512k`, `1g` or bytes. */
function bytes(text: string | undefined): number | undefined {
  const match = /^(\d+)([kmg]?)$/i.exec(text ?? "");
  if (match === null) return undefined;
  const unit = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(match[2] ?? "").toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}
