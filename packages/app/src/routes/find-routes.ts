import type {
  Deployment,
  Gateway,
  GrpcRoute,
  HttpRoute,
  Ingress,
  KubeObject,
  PodSpec,
  Service,
  ServicePort,
} from "@seaworthy/kube";
import { serviceSelects, targetPortIn } from "@seaworthy/kube";
import type { FrontRule } from "./front-rule.ts";
import { grpcRouteRules } from "./grpc-route-rules.ts";
import { httpRouteRules } from "./http-route-rules.ts";
import { ingressRules } from "./ingress-rules.ts";
import { leadsHere } from "./leads-here.ts";
import type { LeftOut } from "./left-out.ts";
import { probePaths } from "./probe-paths.ts";
import { appPathOf, pathsUnder, type RequestPath } from "./request-path.ts";
import { behindEdge, readingPaths, requestsUnder, spokenThere, untakenRequests } from "./routed-requests.ts";
import type { Route, RoutedRequest, RouteWishes } from "./route.ts";

/** The ways to the apps of some manifests, and those that cannot be tried, with the reason. */
export interface FoundRoutes {
  readonly routes: readonly Route[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Finds what a user of these objects would call: every path of an Ingress or an HTTPRoute, the Service behind it, and the
 * Services that none leads to. Whether HTTP is spoken there is not guessed from names or numbers, except where something else is
 * declared. Where that is gRPC, or HTTP/2 without TLS, methods of gRPC are called.
 */
export function findRoutes(objects: readonly KubeObject[], wishes: RouteWishes = {}): FoundRoutes {
  const set: ObjectSet = {
    services: ofKind<Service>(objects, "Service"),
    deployments: ofKind<Deployment>(objects, "Deployment"),
    wishes,
  };
  const leftOut: LeftOut[] = [];
  const gateways = ofKind<Gateway>(objects, "Gateway");
  const rules = [
    ...ingressRules(ofKind<Ingress>(objects, "Ingress")),
    ...httpRouteRules(ofKind<HttpRoute>(objects, "HTTPRoute"), gateways),
    ...grpcRouteRules(ofKind<GrpcRoute>(objects, "GRPCRoute"), gateways),
  ];
  const fronts = rules.flatMap((rule) => {
    const backend = backendOf(rule, set);
    if ("reason" in backend) {
      leftOut.push(backend);
      return [];
    }
    return [{ rule, backend, route: ingressRoute(rule, backend, rules, wishes) }];
  });
  const behind = Map.groupBy(fronts, ({ backend }) => keyOf(backend));
  const behindRoutes = [...behind.values()].flatMap((group) => {
    const { backend } = group[0]!;
    if (isHeadless(backend.service) && wishes.every !== true) return [];
    const seen = group.flatMap(({ route }) => route.paths.map(({ appPath }) => appPath));
    const requests = group.flatMap(({ route }) => behindEdge(route));
    return [serviceRoute(backend, { first: seen, requests, group: keyOf(backend) })];
  });
  const untaken = untakenRequests(
    fronts.map(({ route }) => route),
    wishes,
  );
  const direct = set.services
    .filter((service) => !fronts.some(({ backend }) => backend.service === service))
    .flatMap((service) => directRoutes(service, set, untaken, leftOut));
  const routes = [...fronts.map(({ route }) => route), ...behindRoutes, ...direct];
  return { routes: uniqueBy(routes), leftOut: worthAWord(leftOut, routes) };
}

/** The Deployments whose pods a Service selects. */
export function selectedDeployments(service: Service, deployments: readonly Deployment[]): Deployment[] {
  return deployments.filter(
    (deployment) =>
      namespaceOf(deployment) === namespaceOf(service) &&
      serviceSelects(service, deployment.spec.template.metadata?.labels),
  );
}

interface ObjectSet {
  readonly services: readonly Service[];
  readonly deployments: readonly Deployment[];
  readonly wishes: RouteWishes;
}

interface Backend {
  readonly service: Service;
  readonly port: ServicePort;
  readonly deployments: readonly Deployment[];
  readonly isGrpc: boolean;
}

/** What is left out, and the Deployments that would have answered there. */
interface LeftOutOf extends LeftOut {
  readonly deployments?: readonly string[];
}

function backendOf(rule: FrontRule, { services, deployments, wishes }: ObjectSet): Backend | LeftOutOf {
  const { namespace, service: wanted } = rule;
  const inNamespace = services.filter((each) => namespaceOf(each) === namespace);
  const service = inNamespace.find((each) => each.metadata.name === wanted?.name);
  const what = wanted === undefined ? rule.label : `${rule.label} (Service ${wanted.name})`;
  if (wanted === undefined || service === undefined) return { reason: "no-service", what };
  if (service.spec.type === "ExternalName") return { reason: "external", what };
  const port = service.spec.ports?.find(
    (each) =>
      (each.protocol ?? "TCP") === "TCP" &&
      (wanted.port.name === undefined ? each.port === wanted.port.number : each.name === wanted.port.name),
  );
  if (port === undefined) return { reason: "no-port", what };
  const besides = inNamespace.filter(({ metadata }) => rule.besides.includes(metadata.name));
  const own = [service, ...besides].flatMap((each) => selectedDeployments(each, deployments));
  if (own.length === 0 && wishes.every !== true) return { reason: "no-deployment", what };
  return { service, port, deployments: [...new Set(own)], isGrpc: rule.isGrpc || isGrpc(port, own) };
}

function ingressRoute(
  rule: FrontRule,
  backend: Backend,
  rules: readonly FrontRule[],
  wishes: RouteWishes,
): Route {
  const requests = spokenThere(requestsUnder(rule, rules, wishes), backend.isGrpc, wishes);
  const reading = readingPaths(requests, wishes);
  const paths = backend.isGrpc
    ? [...reading, ...callsUnder(rule, rules)]
    : plainPaths(rule, backend, rules, reading, wishes);
  return {
    ...commonOf(backend),
    kind: "ingress",
    label: rule.label,
    hostHeader: wishes.host ?? concreteHost(rule.host),
    ...(rule.hasTls ? { hasTls: true } : {}),
    paths,
    requests,
    group: `${rule.label} ${keyOf(backend)}`,
  };
}

function plainPaths(
  rule: FrontRule,
  backend: Backend,
  rules: readonly FrontRule[],
  reading: readonly RequestPath[],
  { path }: RouteWishes,
): RequestPath[] {
  const given = path === undefined || !leadsHere(rule, path, rules) ? undefined : appPathOf(rule, path);
  if (path !== undefined && given !== undefined) return [{ path, appPath: given }];
  return (
    [...reading, ...pathsUnder(rule, [rule.appRoot ?? "/", ...declaredPaths(backend)])]
      .filter((each) => leadsHere(rule, each.path, rules))
      // The edge answers that itself, and so it says nothing of the pods.
      .filter((each) => rule.appRoot === undefined || each.path !== "/")
  );
}

/** What every server of gRPC should answer: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const healthCheck = "/grpc.health.v1.Health/Check";
/** What no server has, so that it says UNIMPLEMENTED each time: of a Service whose health nobody can ask through the edge. */
const noMethod = "SeaworthyTrial";

/** The health check, and where the rule does not lead there, a method of the Service that it leads to. */
function callsUnder(rule: FrontRule, rules: readonly FrontRule[]): RequestPath[] {
  const calls = [healthCheck, `${rule.pattern.replace(/\/$/, "")}/${noMethod}`];
  return calls.flatMap((path) => {
    const appPath = leadsHere(rule, path, rules) ? appPathOf(rule, path) : undefined;
    return appPath === undefined || !/^\/[\w.]+\/\w+$/.test(appPath) ? [] : [{ path, appPath }];
  });
}

/** A rule's host may begin with a wildcard label, and may be absent. */
function concreteHost(host: string | undefined): string {
  return host === undefined ? "localhost" : host.replace(/^\*\./, "trial.");
}

function directRoutes(
  service: Service,
  { deployments, wishes }: ObjectSet,
  untaken: readonly RoutedRequest[],
  leftOut: LeftOutOf[],
): Route[] {
  const own = selectedDeployments(service, deployments);
  const names = own.map(({ metadata }) => metadata.name);
  const ports = service.spec.ports ?? [];
  const what = `Service ${service.metadata.name}`;
  const selectsPods = Object.keys(service.spec.selector ?? {}).length > 0;
  if (service.spec.type === "ExternalName") leftOut.push({ reason: "external", what });
  else if (own.length === 0 && (wishes.every !== true || !selectsPods))
    leftOut.push({ reason: "no-deployment", what });
  else if (isHeadless(service) && wishes.every !== true)
    leftOut.push({ reason: "headless", what, deployments: names });
  else
    return ports.flatMap((port) => {
      const label = labelOf(service, port);
      const { protocol = "TCP" } = port;
      if (protocol !== "TCP") {
        leftOut.push({ reason: "not-tcp", what: label });
        return [];
      }
      const backend = { service, port, deployments: own, isGrpc: isGrpc(port, own) };
      const requests = spokenThere(untaken, backend.isGrpc, wishes);
      const reading = readingPaths(requests, wishes).map(({ path }) => path);
      const first = wishes.path === undefined || backend.isGrpc ? reading : [wishes.path];
      // The ports of a Service are alternatives, but not two that speak differently.
      const group = `${namespaceOf(service)}/${service.metadata.name}${backend.isGrpc ? " gRPC" : ""}`;
      return [serviceRoute(backend, { first, requests, group })];
    });
  return [];
}

interface DirectWishes {
  /** Paths to ask for before others. */
  readonly first: readonly string[];
  readonly requests: readonly RoutedRequest[];
  readonly group: string;
}

function serviceRoute(backend: Backend, { first, requests, group }: DirectWishes): Route {
  const { name } = backend.service.metadata;
  const others = backend.isGrpc ? [healthCheck] : ["/", ...declaredPaths(backend)];
  const paths = [...new Set([...first, ...others])];
  return {
    ...commonOf(backend),
    kind: "service",
    label: labelOf(backend.service, backend.port),
    hostHeader: `${name}.${namespaceOf(backend.service)}.svc.cluster.local`,
    paths: paths.map((path): RequestPath => ({ path, appPath: path })),
    requests,
    group,
  };
}

function commonOf({ service, port, deployments, isGrpc: isCalled }: Backend) {
  const inPod = deployments
    .map(({ spec }) => targetPortIn(spec.template.spec, port))
    .find((number) => number !== undefined);
  return {
    namespace: namespaceOf(service),
    service: service.metadata.name,
    port: port.port,
    portName: port.name ?? "",
    // The name of a headless Service resolves to its pods, and a number is then one of their own ports.
    dialPort: isHeadless(service) ? (port.name ?? inPod ?? port.port) : port.port,
    deployments: deployments.map(({ metadata }) => metadata.name),
    ...(isCalled ? { isGrpc: true as const } : {}),
  };
}

function declaredPaths({ port, deployments }: Backend): string[] {
  return deployments.flatMap(({ spec }) => {
    const pod = spec.template.spec;
    const number = targetPortIn(pod, port);
    return number === undefined ? [] : probePaths(pod, number);
  });
}

/** What is declared to be gRPC, by a name or a probe, or HTTP/2 without TLS: an answer to HTTP/1.1 would prove nothing there. */
function isGrpc(port: ServicePort, deployments: readonly Deployment[]): boolean {
  const names = deployments.flatMap(({ spec }) => {
    const pod = spec.template.spec;
    const number = targetPortIn(pod, port);
    if (number !== undefined && isProbedByGrpc(pod, number)) return ["grpc"];
    return pod.containers
      .flatMap(({ ports = [] }) => ports)
      .filter(({ containerPort }) => containerPort === number)
      .map(({ name }) => name);
  });
  return [port.name, port.appProtocol, ...names].some((name) =>
    /(?:^|[-/])(?:grpcs?(?!-web)|h2c)(?:-|$)/i.test(name ?? ""),
  );
}

function isProbedByGrpc({ containers }: PodSpec, port: number): boolean {
  return containers.some(({ livenessProbe, readinessProbe, startupProbe }) =>
    [livenessProbe, readinessProbe, startupProbe].some((probe) => probe?.grpc?.port === port),
  );
}

/**
 * Of a Service that is left out as a whole a word is said only when nothing else leads to its pods, and no path of an
 * Ingress that leads to it is left out for the same reason.
 */
function worthAWord(leftOut: readonly LeftOutOf[], routes: readonly Route[]): LeftOut[] {
  const covered = new Set(routes.flatMap(({ deployments }) => deployments));
  const isSaid = ({ reason, what }: LeftOut) =>
    leftOut.some((each) => each.reason === reason && each.what.endsWith(` (${what})`));
  return leftOut
    .filter(({ deployments }) => deployments === undefined || deployments.some((name) => !covered.has(name)))
    .filter((each) => !isSaid(each))
    .map(({ reason, what }) => ({ reason, what }));
}

function uniqueBy(routes: readonly Route[]): Route[] {
  const key = ({ kind, namespace, service, port, hostHeader, paths }: Route) =>
    JSON.stringify([kind, namespace, service, port, hostHeader, paths]);
  return [...new Map(routes.map((route) => [key(route), route])).values()];
}

function labelOf(service: Service, port: ServicePort): string {
  return `Service ${service.metadata.name}:${port.port}`;
}

function keyOf({ service, port, isGrpc: isCalled }: Backend): string {
  return `${namespaceOf(service)}/${service.metadata.name}:${port.port}${isCalled ? " gRPC" : ""}`;
}

function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === "None";
}

function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? "default";
}

function ofKind<T extends KubeObject>(objects: readonly KubeObject[], kind: T["kind"]): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}
