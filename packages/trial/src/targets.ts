import {
  serviceSelects,
  type Deployment,
  type Ingress,
  type IngressPath,
  type KubeObject,
  type Service,
} from "@seaworthy/kube";

/** A place to send requests to, found in the manifests. */
export interface DiscoveredTarget {
  readonly name: string;
  readonly kind: "ingress" | "service";
  readonly namespace: string;
  readonly service: string;
  readonly port: number | string;
  readonly hostHeader: string;
  readonly path: string;
  /** The Deployments whose pods answer. */
  readonly deployments: readonly string[];
}

/** What the settings say over what is found. */
export interface TargetWishes {
  readonly host?: string | undefined;
  /** The request path as a client of the Ingress writes it. */
  readonly path?: string | undefined;
}

/**
 * Finds what a user of these objects would call: every Ingress rule, and the Service behind it. Without an
 * Ingress, the Services that select a Deployment and look like HTTP. Databases and headless Services are left out.
 */
export function discoverTargets(
  objects: readonly KubeObject[],
  wishes: TargetWishes = {},
): DiscoveredTarget[] {
  const services = ofKind<Service>(objects, "Service");
  const deployments = ofKind<Deployment>(objects, "Deployment");
  const fronts = ofKind<Ingress>(objects, "Ingress").flatMap((ingress) =>
    ingressFronts(ingress, services, deployments, wishes),
  );
  const behind = fronts.map((front) =>
    serviceTarget(front.service, front.port, front.deployments, front.servicePath),
  );
  const direct =
    fronts.length > 0 ? [] : services.flatMap((service) => directTarget(service, deployments, wishes));
  return named(unique([...fronts.map((front) => front.target), ...behind, ...direct]));
}

interface Front {
  readonly target: DiscoveredTarget;
  readonly service: Service;
  readonly port: number | string;
  readonly deployments: readonly Deployment[];
  readonly servicePath: string;
}

function ingressFronts(
  ingress: Ingress,
  services: readonly Service[],
  deployments: readonly Deployment[],
  wishes: TargetWishes,
): Front[] {
  const namespace = namespaceOf(ingress);
  const rewrite = ingress.metadata.annotations?.["nginx.ingress.kubernetes.io/rewrite-target"];
  const rules = (ingress.spec.rules ?? []).flatMap((rule) =>
    (rule.http?.paths ?? []).map((path) => ({ host: rule.host, path })),
  );
  const fallback = ingress.spec.defaultBackend;
  if (rules.length === 0 && fallback !== undefined) {
    rules.push({ host: undefined, path: { path: "/", pathType: "Prefix", backend: fallback } });
  }
  return rules.flatMap(({ host, path }) => {
    const backend = path.backend.service;
    const service = services.find(
      (each) => each.metadata.name === backend?.name && namespaceOf(each) === namespace,
    );
    const port = backend?.port?.number ?? backend?.port?.name;
    if (service === undefined || port === undefined) return [];
    const own = selectedDeployments(service, deployments);
    const probe = own.map((deployment) => probePath(deployment)).find((each) => each !== undefined) ?? "/";
    const requestPath = wishes.path ?? requestPathFor(path, rewrite, probe);
    return [
      {
        target: {
          name: "ingress",
          kind: "ingress" as const,
          namespace,
          service: service.metadata.name,
          port,
          hostHeader: wishes.host ?? concreteHost(host),
          path: requestPath,
          deployments: own.map((deployment) => deployment.metadata.name),
        },
        service,
        port,
        deployments: own,
        servicePath:
          rewrite === undefined ? requestPath : (rewritten(requestPath, path.path ?? "/", rewrite) ?? probe),
      },
    ];
  });
}

/** A rule's host may begin with a wildcard label, and may be absent. */
function concreteHost(host: string | undefined): string {
  return host === undefined || host === "" ? "localhost" : host.replace(/^\*\./, "trial.");
}

/**
 * A path that the rule matches and the app answers. Under a plain prefix it is the probe's path when that lies
 * under it; where a pattern is rewritten, the probe's path is put where the pattern takes the rest of the path.
 */
export function requestPathFor(
  rule: Pick<IngressPath, "path" | "pathType">,
  rewrite: string | undefined,
  probe: string,
): string {
  const pattern = rule.path ?? "/";
  if (rule.pathType === "Exact" && !hasGroup(pattern)) return pattern;
  if (hasGroup(pattern)) {
    for (const insert of [probe, probe.replace(/^\//, "")]) {
      const candidate = fillPattern(pattern, insert);
      if (rewrite === undefined || rewritten(candidate, pattern, rewrite) === probe) return candidate;
    }
    return fillPattern(pattern, "");
  }
  if (rewrite !== undefined) return pattern;
  const prefix = pattern.replace(/\/$/, "");
  return probe === prefix || probe.startsWith(`${prefix}/`) ? probe : pattern;
}

function hasGroup(pattern: string): boolean {
  return /[()*?+[\]\\|^$]/.test(pattern);
}

/** Turns a regular expression as Ingresses have them into one path: the last open group takes `insert`, others nothing. */
function fillPattern(pattern: string, insert: string): string {
  const groups = [...pattern.matchAll(/\(([^()]*)\)[?*+]?/g)];
  const wide = groups.findLast((group) => /\.[*+]/.test(group[1] ?? ""));
  const filled = groups.reduceRight((text, group) => {
    const start = group.index;
    const separator = /^\/\|\$$/.test(group[1] ?? "") ? "/" : undefined;
    const alternative = (group[1] ?? "").split("|")[0]!.replace(/[\\^$]|\.[*+]/g, "");
    const replacement = group === wide ? insert : (separator ?? alternative);
    return text.slice(0, start) + replacement + text.slice(start + group[0].length);
  }, pattern);
  const path = filled
    .replace(/\.[*+]/g, insert.replace(/^\//, ""))
    .replace(/[\\^$?*+]/g, "")
    .replace(/\/{2,}/g, "/");
  return path.startsWith("/") ? path : `/${path}`;
}

/** What ingress-nginx sends on, or undefined when the pattern does not match or is no regular expression. */
function rewritten(path: string, pattern: string, rewrite: string): string | undefined {
  try {
    const match = new RegExp(`^${pattern}`, "i").exec(path);
    return match === null
      ? undefined
      : rewrite.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
  } catch {
    return undefined;
  }
}

function directTarget(
  service: Service,
  deployments: readonly Deployment[],
  wishes: TargetWishes,
): DiscoveredTarget[] {
  const own = selectedDeployments(service, deployments);
  if (service.spec.clusterIP === "None" || own.length === 0) return [];
  const port =
    service.spec.ports?.find((each) => looksLikeHttp(each.name, each.appProtocol, each.port)) ??
    firstIfProbed(service, own);
  if (port === undefined) return [];
  const path =
    wishes.path ?? own.map((deployment) => probePath(deployment)).find((each) => each !== undefined) ?? "/";
  return [serviceTarget(service, port.port, own, path)];
}

const httpPorts = new Set([80, 443, 3000, 5000, 8000, 8080, 8081, 8088, 8888]);

function looksLikeHttp(name: string | undefined, protocol: string | undefined, port: number): boolean {
  return /^(?:http|web)\b/i.test(name ?? "") || /http/i.test(protocol ?? "") || httpPorts.has(port);
}

function firstIfProbed(service: Service, deployments: readonly Deployment[]) {
  return deployments.some((deployment) => probePath(deployment) !== undefined)
    ? service.spec.ports?.[0]
    : undefined;
}

function serviceTarget(
  service: Service,
  port: number | string,
  own: readonly Deployment[],
  path: string,
): DiscoveredTarget {
  const namespace = namespaceOf(service);
  return {
    name: "service",
    kind: "service",
    namespace,
    service: service.metadata.name,
    port,
    hostHeader: `${service.metadata.name}.${namespace}.svc.cluster.local`,
    path,
    deployments: own.map((deployment) => deployment.metadata.name),
  };
}

/**
 * Where the app says itself that it answers 200. Liveness first: a readiness path may rightly answer 503 while
 * the app drains, and that is no lost request.
 */
export function probePath(deployment: Deployment): string | undefined {
  for (const container of deployment.spec.template.spec.containers) {
    for (const probe of [container.livenessProbe, container.startupProbe, container.readinessProbe]) {
      if (probe?.httpGet !== undefined) return probe.httpGet.path ?? "/";
    }
  }
  return undefined;
}

/** The Deployments whose pods a Service selects. */
export function selectedDeployments(service: Service, deployments: readonly Deployment[]): Deployment[] {
  return deployments.filter(
    (deployment) =>
      namespaceOf(deployment) === namespaceOf(service) &&
      serviceSelects(service, deployment.spec.template.metadata?.labels),
  );
}

/** The Deployments whose pods answer behind these targets, each once, as `namespace/name`. */
export function deploymentsBehind(targets: readonly DiscoveredTarget[]): string[] {
  return [
    ...new Set(targets.flatMap((target) => target.deployments.map((name) => `${target.namespace}/${name}`))),
  ];
}

function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? "default";
}

function ofKind<T extends KubeObject>(objects: readonly KubeObject[], kind: T["kind"]): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}

function unique(targets: readonly DiscoveredTarget[]): DiscoveredTarget[] {
  const key = (target: DiscoveredTarget) =>
    [target.kind, target.namespace, target.service, target.port, target.hostHeader, target.path].join(" ");
  return [...new Map(targets.map((target) => [key(target), target])).values()];
}

/** One target of a kind keeps its plain name; several are told apart by what they lead to. */
function named(targets: readonly DiscoveredTarget[]): DiscoveredTarget[] {
  return targets.map((target) => {
    const alike = targets.filter((each) => each.kind === target.kind);
    if (alike.length === 1) return target;
    return {
      ...target,
      name:
        target.kind === "ingress"
          ? `ingress ${target.hostHeader}${target.path}`
          : `service ${target.service}:${target.port}`,
    };
  });
}
