import type { Ingress, IngressBackend, IngressPath } from "@seaworthy/kube";
import type { EdgeRoute, EdgeRoutes, PathMatch } from "../edge-route.ts";
import { readNginxAnnotations, type NginxSettings } from "./nginx-annotations.ts";
import { withCanary } from "./nginx-canary.ts";
import { corsHeaders } from "../cors.ts";
import { nginxAnswer } from "./nginx-answer.ts";
import { hostsOfTls, namesOfHost } from "./tls-hosts.ts";
import type { ProxyBehavior } from "../proxy-behavior.ts";

/**
 * The routes that Ingresses ask for, from an edge that behaves so. The oldest Ingress wins where two say the same, as in the
 * controllers. Annotations of ingress-nginx are read here and nowhere else.
 */
export function routesOfIngresses(ingresses: readonly Ingress[], behavior: ProxyBehavior): EdgeRoutes {
  const hosts = new Map<string, Host>();
  // A server's certificate serves all Ingresses of its host, whichever of them names it.
  const tlsHosts = new Set(
    ingresses.flatMap((ingress) => (ingress.spec.tls ?? []).flatMap((entry) => hostsOfTls(ingress, entry))),
  );
  let fallback: EdgeRoute | undefined;
  const canaries: Host["paths"] = [];
  for (const ingress of [...ingresses].sort(byAge)) {
    const settings = readNginxAnnotations(behavior, ingress.metadata.annotations ?? {});
    const routeOf = (host: string, match: PathMatch, backend: IngressBackend | undefined) =>
      makeRoute(ingress, host, match, backend, {
        ...settings,
        hasTls: host !== "" && namesOfHost(host).some((name) => tlsHosts.has(name)),
      });
    const rules = ingress.spec.rules ?? [];
    if (rules.length === 0 || rules.some((rule) => (rule.host ?? "") === ""))
      fallback ??= routeOf("", { kind: "any" }, ingress.spec.defaultBackend);
    for (const rule of rules) {
      const host = (rule.host ?? "").toLowerCase();
      const own = hosts.get(host) ?? { paths: [], fallback: undefined };
      hosts.set(host, own);
      own.fallback ??= routeOf(host, { kind: "any" }, ingress.spec.defaultBackend);
      // A rule without paths sends the whole host to the default backend.
      for (const { path = "/", pathType, backend } of rule.http?.paths ?? []) {
        const route = routeOf(host, { kind: kindOf(pathType), path }, backend);
        const paths = settings.canary === undefined ? own.paths : canaries;
        if (route !== undefined) paths.push({ path, route, settings });
      }
    }
  }
  const routes = [...hosts.values()].flatMap((own) => [
    ...inOrder(own.paths).flatMap(({ path, route }) => withCanaries(path, route, canaries)),
    ...(own.fallback === undefined ? [] : [own.fallback]),
  ]);
  return { routes, fallback };
}

interface Host {
  readonly paths: { readonly path: string; readonly route: EdgeRoute; readonly settings: NginxSettings }[];
  fallback: EdgeRoute | undefined;
}

function kindOf(pathType: IngressPath["pathType"]): "exact" | "element-prefix" | "string-prefix" {
  return pathType === "Exact" ? "exact" : pathType === "Prefix" ? "element-prefix" : "string-prefix";
}

/**
 * Exact paths first, then longer before shorter. One Ingress with use-regex or rewrite-target turns every path of the
 * host into a case-insensitive regex, tried from the longest (ingress-nginx docs, user-guide/ingress-path-matching).
 */
function inOrder(paths: Host["paths"]): Host["paths"] {
  const longestFirst = paths.toSorted((left, right) => right.path.length - left.path.length);
  if (paths.some(({ settings }) => settings.usesRegex))
    return longestFirst.map((each) => ({ ...each, route: asRegex(each) }));
  const isExact = ({ route }: Host["paths"][number]) => route.match.kind === "exact";
  return [...longestFirst.filter(isExact), ...longestFirst.filter((each) => !isExact(each))];
}

/** A canary takes part in the path of the same host and text; one for a path that nobody has serves nothing. */
function withCanaries(path: string, route: EdgeRoute, canaries: Host["paths"]): EdgeRoute[] {
  const own = canaries.find((each) => each.path === path && each.route.host === route.host);
  const [backend] = own?.route.backends ?? [];
  const canary = own?.settings.canary;
  if (canary === undefined || backend?.service === undefined) return [route];
  return withCanary(route, canary, backend);
}

/** nginx: `rewrite "(?i)PATH" TARGET break`, so the whole path becomes the target with its groups filled in. */
function asRegex({ path, route, settings: { rewriteTarget } }: Host["paths"][number]): EdgeRoute {
  const regex = toRegex(path);
  const rewritten = (from: string) => {
    const groups = regex?.exec(from) ?? [];
    const target = rewriteTarget?.replaceAll(/\$(\d)/g, (_, digit: string) => groups[Number(digit)] ?? "");
    return target === undefined || target.startsWith("/") ? (target ?? from) : `/${target}`;
  };
  return {
    ...route,
    ...(regex === undefined ? {} : { match: { kind: "regex", regex } }),
    ...(rewriteTarget === undefined ? {} : { rewritePath: rewritten }),
  };
}

function toRegex(path: string): RegExp | undefined {
  try {
    return new RegExp(`^${path}`, "i");
  } catch {
    // Not a regex of ours (PCRE knows more): it is then compared as text.
    return undefined;
  }
}

function makeRoute(
  { metadata }: Ingress,
  host: string,
  match: PathMatch,
  backend: IngressBackend | undefined,
  settings: NginxSettings & { readonly hasTls: boolean },
): EdgeRoute | undefined {
  const port = backend?.service?.port?.number ?? backend?.service?.port?.name;
  if (backend?.service === undefined || port === undefined) return undefined;
  const { namespace = "default", name } = metadata;
  const backends = [{ namespace, service: backend.service.name, port, weight: 1 }];
  const answer = nginxAnswer(settings, settings.hasTls);
  const { behavior, cors, affinity, protocol } = settings;
  return {
    source: `${namespace}/${name}`,
    host,
    match,
    backends,
    behavior,
    answer,
    ...(protocol === "http" ? {} : { protocol }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(cors === undefined ? {} : { responseHeaders: (request) => corsHeaders(cors, request) }),
  };
}

function byAge(a: Ingress, b: Ingress): number {
  const key = (ingress: Ingress) =>
    `${ingress.metadata.creationTimestamp ?? ""} ${ingress.metadata.namespace ?? ""}/${ingress.metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}
