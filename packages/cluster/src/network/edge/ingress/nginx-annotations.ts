import type { ProxyBehavior } from "../proxy-behavior.ts";

const prefix = "nginx.ingress.kubernetes.io";

/** What the annotations of an Ingress ask for. */
export interface NginxSettings {
  readonly behavior: ProxyBehavior;
  /** Paths are regexes, of all Ingresses of a host when one of them says so. */
  readonly usesRegex: boolean;
  readonly rewriteTarget: string | undefined;
  /** Whether HTTP is redirected to HTTPS: where the host has TLS, whether or not it has, or never. */
  readonly httpsRedirect: "with-tls" | "always" | "never";
}

/**
 * Reads the annotations of ingress-nginx (user-guide/nginx-configuration/annotations). How a proxy behaves they change for
 * nginx only, because others do not read them.
 */
export function readNginxAnnotations(
  behavior: ProxyBehavior,
  annotations: Readonly<Record<string, string>>,
): NginxSettings {
  const rewriteTarget = annotations[`${prefix}/rewrite-target`];
  const isNginx = behavior.classNames.includes("nginx");
  const isSaid = (name: string, value: string) => annotations[`${prefix}/${name}`]?.trim() === value;
  const always = isSaid("force-ssl-redirect", "true");
  const httpsRedirect = always ? "always" : isSaid("ssl-redirect", "false") ? "never" : "with-tls";
  return {
    behavior: isNginx ? changed(behavior, annotations) : behavior,
    httpsRedirect,
    usesRegex: rewriteTarget !== undefined || annotations[`${prefix}/use-regex`] === "true",
    rewriteTarget,
  };
}

function changed(behavior: ProxyBehavior, annotations: Readonly<Record<string, string>>): ProxyBehavior {
  const read = (name: string) => annotations[`${prefix}/${name}`]?.trim();
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
