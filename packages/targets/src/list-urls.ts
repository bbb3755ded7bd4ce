import type { Socket } from "node:net";
import { findRoutes, leftOutNotices, type LeftOut, type Route } from "@seaworthy/app";
import type { Notice } from "@seaworthy/errors";
import type { KubeClient } from "@seaworthy/client";
import type { KubeObject } from "@seaworthy/kube";
import { choosePath, steadyRefusals, type Choice } from "./choose-path.ts";
import { podResponders } from "./pod-responders.ts";
import { podsBehind } from "./pods-behind.ts";

/** What an embedded cluster offers to find the ways in. */
export interface UrlSource {
  readonly client: KubeClient;
  readonly ingressPort: number;
  readonly ingressTlsPort: number;
  /** The images that run as stand-ins. */
  readonly standIns: readonly string[];
  dialPod(ip: string, port: number, timeoutMs: number): Promise<Socket>;
  nodePorts(): readonly { readonly service: string; readonly port: number; readonly nodePort: number }[];
  /** Opens a port on this machine that leads to a Service's port. */
  forwardService(namespace: string, name: string, port: number | string): Promise<number>;
}

/** A way in for people. */
export interface FoundUrl {
  readonly url: string;
  /** The Host header that it needs, when the address alone does not do. */
  readonly host: string | undefined;
  readonly what: string;
}

const timeoutMs = 5_000;

/**
 * Finds the ways into a cluster that runs these objects: the paths of Ingresses, node ports, and a forward of our own to every
 * Service, as far as the pods speak HTTP; with notices for the rest.
 */
export async function listUrls(
  cluster: UrlSource,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<{ readonly urls: readonly FoundUrl[]; readonly notices: readonly Notice[] }> {
  const found = findRoutes(objects, { every: true });
  const plain = found.routes.filter(({ isGrpc }) => isGrpc !== true);
  const asked = await Promise.all(
    plain.map(async (route) => ({ route, choice: await chooseFor(route, cluster, signal) })),
  );
  const leftOut: LeftOut[] = [...found.leftOut];
  for (const { label } of found.routes.filter((route) => !plain.includes(route)))
    leftOut.push({ reason: "grpc", what: label });
  for (const { route, choice } of asked)
    if (choice.kind === "left-out" && pathOf(route, choice) === undefined)
      leftOut.push({ reason: choice.reason, what: route.label });
  const groups = Map.groupBy(
    asked.filter(({ route, choice }) => pathOf(route, choice) !== undefined),
    ({ route }) => route.group,
  );
  const urls = await Promise.all(
    [...groups.values()].map(async ([first]) => await urlsOf(first!.route, first!.choice, cluster)),
  );
  return { urls: urls.flat(), notices: leftOutNotices(leftOut) };
}

async function chooseFor(route: Route, cluster: UrlSource, signal: AbortSignal): Promise<Choice> {
  const respondersNow = async () =>
    podResponders(await podsBehind(cluster.client, route), cluster.standIns, (ip, port, ms) =>
      cluster.dialPod(ip, port, ms),
    );
  const { paths, hostHeader } = route;
  return await choosePath(respondersNow, {
    paths,
    hostHeader,
    timeoutMs,
    steadyStatuses: steadyRefusals,
    signal,
  });
}

/** A path for a look at the app; undefined when it does not speak HTTP. One that answers no path well still does. */
function pathOf({ paths, kind }: Route, choice: Choice): string | undefined {
  if (choice.kind === "taken") return choice.path.path;
  const speaks = choice.kind === "strangers" || choice.reason === "no-good-answer";
  return speaks ? (kind === "ingress" ? paths[0]?.path : "/") : undefined;
}

async function urlsOf(route: Route, choice: Choice, cluster: UrlSource): Promise<FoundUrl[]> {
  const path = pathOf(route, choice) ?? "/";
  const at = (port: number) => `http://127.0.0.1:${port}${path}`;
  if (route.kind === "ingress") {
    const host = route.hostHeader === "localhost" ? undefined : route.hostHeader;
    const bare = { url: at(cluster.ingressPort), host, what: route.label };
    if (route.hasTls !== true) return [bare];
    const { hostHeader } = route;
    const { ingressTlsPort } = cluster;
    // The name chooses the certificate, so it has to be in the URL, and not in a header.
    const tls = {
      url: `https://${hostHeader}:${ingressTlsPort}${path}`,
      host: undefined,
      what: `${route.label}, TLS (curl --resolve ${hostHeader}:${ingressTlsPort}:127.0.0.1)`,
    };
    return [bare, tls];
  }
  const { namespace, service, dialPort, label } = route;
  const own = cluster
    .nodePorts()
    .filter((each) => each.service === `${namespace}/${service}` && each.port === route.port)
    .map(({ nodePort }) => ({ url: at(nodePort), host: undefined, what: `${label}, node port` }));
  const port = await cluster.forwardService(namespace, service, dialPort);
  return [...own, { url: at(port), host: undefined, what: label }];
}
