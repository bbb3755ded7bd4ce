/** What an ingress proxy answers by itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly contentType?: string;
  /** More headers, names and values in turn. */
  readonly headers?: readonly string[];
  readonly body: string;
}

/** Why a proxy could not get an answer from a pod. */
export type UpstreamFailureKind =
  | "connect-failed"
  | "connect-timeout"
  | "closed-before-headers"
  | "read-timeout";

/** How a process of the proxy's ends when its pod is deleted. */
export interface EdgeEnding {
  /**
   * Whether it takes connections and requests until nobody has any for it, and only says in its answers that it closes. Else it
   * takes no connection any more, and closes those that carry no request.
   */
  readonly servesOn: boolean;
  /** How long requests that are under way may take; then they are cut. */
  readonly drainMs: number;
}

/** How an ingress proxy treats connections, failures and headers: what differs between the controllers. */
export interface ProxyBehavior {
  /** `IngressClass` names that mean this proxy, besides those of IngressClass objects in the cluster. */
  readonly classNames: readonly string[];
  /** Workers: each has its own upstream connections and its own round robin. */
  readonly workers: number;
  readonly connectTimeoutMs: number;
  /** The longest silence of a pod while it is answering. */
  readonly readTimeoutMs: number;
  /** The longest that a whole answer may take. */
  readonly answerTimeoutMs?: number;
  /** How long a client's idle connection is kept. */
  readonly clientIdleMs: number;
  readonly pool: { readonly maxIdle: number; readonly idleMs: number; readonly maxRequests: number };
  /**
   * `next-upstream`: another try by the same round robin after a failure; POST, LOCK and PATCH only if nothing was sent.
   * `replay-reused`: a request without a body on a reused connection that died is sent again, to the same pod.
   */
  readonly retry: "none" | "next-upstream" | "replay-reused";
  /** All tries together, the first one included. */
  readonly tries: number;
  /** Whether the request body is read whole before a pod is called; the most that it may have then, in bytes. */
  readonly requestBuffer?: { readonly maxBytes: number };
  /** Whether a client's own `X-Forwarded-*` headers are believed, and so added to. */
  readonly forwarded: "replace" | "append";
  /** The `Server` header of every answer; the pod's own one when absent, none when "". */
  readonly serverHeader?: string;
  /** Absent where nobody can restart it: it is a cloud's. */
  readonly ending?: EdgeEnding;
  /** Whether HTTP/2 is understood without TLS, too, where a client begins with it (prior knowledge). */
  readonly takesH2c?: boolean;
  /** The page of the redirect from HTTP to HTTPS that hosts with TLS get by themselves; none without it. */
  readonly httpsRedirect?: OwnAnswer;
  readonly noRoute: OwnAnswer;
  readonly noEndpoints: OwnAnswer;
  readonly bodyTooLarge: OwnAnswer;
  readonly failure: (kind: UpstreamFailureKind, errorCode: string | undefined) => OwnAnswer;
}

/**
 * ingress-nginx v1.15 with its defaults: internal/ingress/controller/config/config.go and rootfs/etc/nginx/template/nginx.tmpl
 * (proxy_next_upstream error timeout, 3 tries, connect 5 s, read 60 s, body 1m, keep-alive 320 / 60 s / 10,000, client 75 s,
 * ssl-redirect with 308). Its preStop hook (cmd/waitshutdown/main.go) sends SIGTERM at once, shutdown-grace-period is 0
 * (pkg/flags/flags.go), and `nginx -s quit` closes listeners and idle connections (ngx_worker_process_cycle); the rest has
 * worker-shutdown-timeout, 240 s.
 */
export const nginxBehavior: ProxyBehavior = {
  classNames: ["nginx"],
  workers: 2,
  connectTimeoutMs: 5000,
  readTimeoutMs: 60_000,
  clientIdleMs: 75_000,
  pool: { maxIdle: 320, idleMs: 60_000, maxRequests: 10_000 },
  retry: "next-upstream",
  tries: 3,
  requestBuffer: { maxBytes: 1024 * 1024 },
  forwarded: "replace",
  serverHeader: "",
  ending: { servesOn: false, drainMs: 240_000 },
  httpsRedirect: nginxPage(308, "Permanent Redirect"),
  noRoute: nginxPage(404, "Not Found"),
  noEndpoints: nginxPage(503, "Service Temporarily Unavailable"),
  bodyTooLarge: nginxPage(413, "Request Entity Too Large"),
  failure: (kind) =>
    kind === "connect-timeout" || kind === "read-timeout"
      ? nginxPage(504, "Gateway Time-out")
      : nginxPage(502, "Bad Gateway"),
};

/**
 * Contour with Envoy, defaults: no retry; a whole answer within 15 s (Envoy's route timeout), connecting within 2 s
 * (Contour timeouts.connect-timeout), idle upstream connections 1 h, idle clients 60 s (Contour connection-idle-timeout).
 * The texts are Envoy's (source/common/router/router.cc, source/common/http/utility.cc). Its preStop hook fails Envoy's health
 * check (cmd/contour/shutdownmanager.go), from which on it discourages requests and takes them (Envoy, "Draining"), until there
 * is no connection or its grace period of 300 s is over.
 */
export const envoyBehavior: ProxyBehavior = {
  classNames: ["contour"],
  workers: 2,
  connectTimeoutMs: 2000,
  readTimeoutMs: 300_000,
  answerTimeoutMs: 15_000,
  clientIdleMs: 60_000,
  pool: { maxIdle: Infinity, idleMs: 3_600_000, maxRequests: Infinity },
  retry: "none",
  tries: 1,
  forwarded: "append",
  takesH2c: true,
  serverHeader: "envoy",
  ending: { servesOn: true, drainMs: 300_000 },
  noRoute: { status: 404, body: "" },
  noEndpoints: plain(503, "no healthy upstream"),
  bodyTooLarge: plain(413, "Payload Too Large"),
  failure: envoyFailure,
};

/**
 * Traefik v3 (pkg/proxy/httputil): no retry of its own, but Go's net/http replays a body-less request whose reused
 * connection died. Dialling may take 30 s, idle connections live 90 s, 200 per host. At its end requestAcceptGraceTimeout is 0,
 * so listeners and idle connections are closed at once (net/http Server.Shutdown), and graceTimeOut leaves the rest 10 s.
 */
export const traefikBehavior: ProxyBehavior = {
  classNames: ["traefik"],
  workers: 1,
  connectTimeoutMs: 30_000,
  readTimeoutMs: 2_147_483_647,
  clientIdleMs: 180_000,
  pool: { maxIdle: 200, idleMs: 90_000, maxRequests: Infinity },
  retry: "replay-reused",
  tries: 3,
  takesH2c: true,
  forwarded: "replace",
  ending: { servesOn: false, drainMs: 10_000 },
  noRoute: plain(404, "404 page not found\n"),
  noEndpoints: plain(503, "no available server"),
  bodyTooLarge: plain(413, "Request Entity Too Large"),
  failure: (kind) =>
    kind === "connect-timeout" || kind === "read-timeout"
      ? plain(504, "Gateway Timeout")
      : plain(502, "Bad Gateway"),
};

/**
 * A cloud's load balancer with pods as targets, after AWS ALB's documentation: connecting within 10 s, idle 60 s on both
 * sides, no retry, 502 for a refused or cut connection, 503 without targets, 504 for silence.
 */
export const cloudBehavior: ProxyBehavior = {
  classNames: ["alb", "gce", "azure-application-gateway"],
  workers: 2,
  connectTimeoutMs: 10_000,
  readTimeoutMs: 60_000,
  clientIdleMs: 60_000,
  pool: { maxIdle: Infinity, idleMs: 60_000, maxRequests: Infinity },
  retry: "none",
  tries: 1,
  forwarded: "append",
  noRoute: { status: 404, body: "" },
  noEndpoints: htmlPage(503, "Service Temporarily Unavailable", ""),
  bodyTooLarge: htmlPage(413, "Request Entity Too Large", ""),
  failure: (kind) =>
    kind === "connect-timeout" || kind === "read-timeout"
      ? htmlPage(504, "Gateway Time-out", "")
      : htmlPage(502, "Bad Gateway", ""),
};

function envoyFailure(kind: UpstreamFailureKind, errorCode: string | undefined): OwnAnswer {
  if (kind === "read-timeout") return plain(504, "upstream request timeout");
  const prefix = "upstream connect error or disconnect/reset before headers. ";
  if (kind === "connect-timeout") return plain(503, `${prefix}reset reason: connection timeout`);
  if (kind === "closed-before-headers") return plain(503, `${prefix}reset reason: connection termination`);
  const reason = errorCode === "EHOSTUNREACH" ? "No route to host" : "Connection refused";
  return plain(
    503,
    `${prefix}reset reason: remote connection failure, transport failure reason: delayed connect error: ${reason}`,
  );
}

function plain(status: number, body: string): OwnAnswer {
  return { status, contentType: "text/plain", body };
}

/** A page as nginx makes it itself. */
export function nginxPage(status: number, reason: string): OwnAnswer {
  return htmlPage(status, reason, "<hr><center>nginx</center>\r\n");
}

function htmlPage(status: number, reason: string, signature: string): OwnAnswer {
  const title = `${status} ${reason}`;
  return {
    status,
    contentType: "text/html",
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n${signature}</body>\r\n</html>\r\n`,
  };
}
