import { isConflict, isNotFound, type Informer, type KubeClient } from "@seaworthy/client";
import {
  deepEqual,
  formatObjectName,
  type CustomResourceDefinition,
  type GatewayRoute,
  type KubeObject,
  type Namespace,
  type Secret,
  type Service,
} from "@seaworthy/kube";
import type { Clock } from "../../../clock.ts";
import type { EndpointView } from "../../endpoints/endpoint-view.ts";
import type { NamedCertificate } from "../edge-certificates.ts";
import type { EdgeRoutes } from "../edge-route.ts";
import type { ProxyBehavior } from "../proxy-behavior.ts";
import { attachRoute, schemeOf } from "./attach-route.ts";
import { followGatewayApi, type GatewayPlural } from "./follow-gateway-api.ts";
import type { GatewaySet } from "./gateway-set.ts";
import {
  certificatesOf,
  classConditions,
  gatewayStatus,
  isPermitted,
  routeParents,
} from "./gateway-statuses.ts";
import { routesOfGateways } from "./routes-of-gateways.ts";

/** A controller of Gateways, which says with which certificates they are served. */
export interface GatewayController extends AsyncDisposable {
  certificates(): readonly NamedCertificate[];
}

/** What the controller needs. */
export interface GatewayControllerOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly definitions: Informer<CustomResourceDefinition>;
  readonly services: Informer<Service>;
  readonly namespaces: Informer<Namespace>;
  readonly secrets: Informer<Secret>;
  readonly behavior: ProxyBehavior;
  /** Routes change when the edge would take them, not when the object changes. */
  readonly view: EndpointView;
  readonly onRoutes: (routes: EdgeRoutes) => void;
  readonly onNotice: (text: string) => void;
}

const address = "127.0.0.1";
const graceMs = 1_000;

/**
 * Turns the objects of the Gateway API into routes and writes what came of them into their status. Every Gateway is served,
 * whatever class it names, and routes of Gateways that are not there as well, with a notice.
 */
export function startGatewayController(options: GatewayControllerOptions): GatewayController {
  const { client, clock, definitions, services, namespaces, secrets, behavior, view } = options;
  const writing = new Set<Promise<void>>();
  const noticed = new Set<string>();
  let isDue = false;
  let stopAsking: (() => void) | undefined;
  let served = "";
  const objects = followGatewayApi(client, definitions, () => schedule());
  const set: GatewaySet = {
    get classes() {
      return objects.classes;
    },
    get gateways() {
      return objects.gateways;
    },
    get httpRoutes() {
      return objects.httpRoutes;
    },
    get grpcRoutes() {
      return objects.grpcRoutes;
    },
    get grants() {
      return objects.grants;
    },
    service: (namespace, name) => services.get(namespace, name),
    namespace: (name) => namespaces.get(undefined, name),
    secret: (namespace, name) => secrets.get(namespace, name),
  };

  function schedule(): void {
    if (isDue) return;
    isDue = true;
    // A list brings many objects at once.
    queueMicrotask(() => {
      isDue = false;
      sync();
    });
  }
  function sync(): void {
    const isUnused =
      set.gateways.length + set.httpRoutes.length + set.grpcRoutes.length + set.classes.length === 0;
    // A new status is no change of routes, and must not cost the edge a sync.
    const now = isUnused ? "" : routingText(set, services.list());
    if (now !== served) view.reload(() => options.onRoutes(routesOfGateways(set, behavior)));
    served = now;
    if (isUnused) return;
    if (missingOf(set).length > 0) stopAsking ??= clock.after(graceMs, tellWhatIsMissing);
    const nowMs = clock.now();
    for (const each of set.classes)
      write("gatewayclasses", each, { conditions: classConditions(each, nowMs) });
    for (const each of set.gateways) write("gateways", each, gatewayStatus(each, set, address, nowMs));
    for (const each of set.httpRoutes) writeParents("httproutes", each, nowMs);
    for (const each of set.grpcRoutes) writeParents("grpcroutes", each, nowMs);
  }
  function writeParents(plural: GatewayPlural, route: GatewayRoute, nowMs: number): void {
    const parents = routeParents(route, set, nowMs);
    if (parents.length > 0 || route.status !== undefined) write(plural, route, { parents });
  }
  /** What comes a moment later, because manifests are applied one by one, is not missing. */
  function tellWhatIsMissing(): void {
    stopAsking = undefined;
    for (const text of missingOf(set)) tellOnce(text);
  }
  function tellOnce(text: string): void {
    if (!noticed.has(text)) options.onNotice(text);
    noticed.add(text);
  }
  function write(plural: GatewayPlural, object: KubeObject, status: object): void {
    const type = objects.typeOf(plural);
    if (type === undefined || deepEqual(object["status"], status)) return;
    const { namespace, name } = object.metadata;
    const done = client
      .patch(type, namespace, name, "merge", { status }, "status")
      .then(
        () => {},
        (error: unknown) => {
          // Deleted or changed meanwhile: the change that says so comes through the informer.
          if (isNotFound(error) || isConflict(error)) return;
          tellOnce(
            `${formatObjectName(object)} is served, but its status cannot be written: ${String(error)}`,
          );
        },
      )
      .finally(() => writing.delete(done));
    writing.add(done);
  }

  const stops = [services, namespaces, secrets].map((informer: Informer<KubeObject>) =>
    informer.onChange(() => schedule()),
  );
  return {
    certificates: () => namedCertificates(set),
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      stopAsking?.();
      await objects[Symbol.asyncDispose]();
      await Promise.all(writing);
    },
  };
}

/** All that routes are made of, to see whether it has changed. */
function routingText(set: GatewaySet, services: readonly Service[]): string {
  const specs = [...set.gateways, ...set.httpRoutes, ...set.grpcRoutes, ...set.grants].map(
    ({ metadata: { uid, namespace }, spec }) => [
      uid,
      namespace,
      namespace && set.namespace(namespace)?.metadata.labels,
      spec,
    ],
  );
  const ports = services.map(({ metadata: { namespace, name }, spec }) => [namespace, name, spec.ports]);
  return JSON.stringify([specs, ports]);
}

/** For people: the classes and Gateways that are named and not there. */
function missingOf(set: GatewaySet): string[] {
  const unclassed = set.gateways.filter(
    ({ spec }) => !set.classes.some(({ metadata }) => metadata.name === spec.gatewayClassName),
  );
  const orphans = [...set.httpRoutes, ...set.grpcRoutes].flatMap((route) =>
    attachRoute(route, set)
      .filter(({ gateway }) => gateway === undefined)
      .map(({ parentRef }) => ({ route, parentRef })),
  );
  return [
    ...unclassed.map(
      (gateway) =>
        `there is no GatewayClass ${gateway.spec.gatewayClassName} here (${formatObjectName(gateway)} names it): it is served all the same, and a real cluster needs a controller of that class`,
    ),
    ...orphans.map(
      ({ route, parentRef: { name, namespace = route.metadata.namespace ?? "default" } }) =>
        `there is no Gateway ${namespace}/${name} here (${formatObjectName(route)} names it): it is served as if that had listeners for HTTP and HTTPS of every host`,
    ),
  ];
}

function namedCertificates(set: GatewaySet): NamedCertificate[] {
  return set.gateways.flatMap((gateway) =>
    gateway.spec.listeners
      .filter((listener) => schemeOf(listener) === "https")
      .flatMap((listener) =>
        certificatesOf(listener, gateway)
          .filter((secret) => isPermitted(gateway, secret, set))
          .map(({ namespace, name }) => ({
            host: listener.hostname?.toLowerCase() ?? "",
            source: formatObjectName(gateway),
            namespace,
            secretName: name,
          })),
      ),
  );
}
