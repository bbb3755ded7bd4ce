import { createClient, httpTransport, readKubeconfig, type KubeClient } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { resourceTypes, type Service } from "@seaworthy/kube";
import type { Environment, KubeconfigChoice } from "./environment.ts";
import { dialTcp } from "./targets/dial-tcp.ts";
import type { Route } from "./targets/route.ts";
import type { Way } from "./targets/way.ts";

/** Uses a cluster that is there already. */
export async function useKubeconfig(
  choice: KubeconfigChoice,
  namespace: string | undefined,
): Promise<Environment> {
  const connection = await readKubeconfig(
    choice.file === undefined ? undefined : { file: choice.file },
    choice.context,
  );
  const client = createClient(httpTransport(connection));
  const urls = choice.urls.map((text) => parseUrl(text));
  return {
    kind: "kubeconfig",
    client,
    namespace: namespace ?? connection.namespace,
    profile: null,
    description: `context ${connection.context} of ${choice.file ?? "the kubeconfig"}`,
    standIns: () => [],
    journals: () => [],
    edgeIdleMs: undefined,
    // A real cluster is never hurried.
    keepPace() {},
    // Which of a real cluster's pods can be reached from here is not known, so none is dialled.
    dialPod: undefined,
    waysTo: (routes, host) => waysTo(client, routes, urls, host),
    async [Symbol.asyncDispose]() {},
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:") return url;
  throw new SeaworthyError("SW1002", `--url ${text} is not an http:// URL`, {
    next: [
      "give where the load should go: --url http://10.0.0.7:80 (an Ingress, or a ClusterIP that is reachable from here)",
    ],
  });
}

async function waysTo(
  client: KubeClient,
  routes: readonly Route[],
  urls: readonly URL[],
  host: string | undefined,
): Promise<Way[]> {
  const services = await servicesOf(client, routes);
  return urls.flatMap((url) => {
    const address = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port || 80);
    return routesAt(url, routes, services).map(({ route, isEdge }): Way => ({
      route: {
        ...atUrl(route, url, isEdge),
        ...(host === undefined ? {} : { hostHeader: host }),
        // Each URL is tried, also where two lead to the same app.
        group: `${route.group} ${url.href}`,
      },
      via: { kind: "tcp", host: address, port },
      isEdge,
      isOpaque: isEdge,
      dial: (timeoutMs) => dialTcp(address, port, timeoutMs),
    }));
  });
}

/** A path in the URL is what the user wants to be asked. */
function atUrl(route: Route, url: URL, isEdge: boolean): Route {
  const hostHeader = isEdge && route.kind === "service" ? url.host : route.hostHeader;
  const path = url.pathname + url.search;
  return path === "/" ? { ...route, hostHeader } : { ...route, hostHeader, paths: [{ path, appPath: path }] };
}

async function servicesOf(client: KubeClient, routes: readonly Route[]): Promise<Service[]> {
  const keys = new Map(
    routes.map(({ namespace, service }) => [`${namespace}/${service}`, { namespace, service }]),
  );
  return await Promise.all(
    [...keys.values()].map(({ namespace, service }) =>
      client.get<Service>(resourceTypes.services, namespace, service),
    ),
  );
}

/**
 * A URL whose address is that of a Service (its ClusterIP, its load balancer, or a node port's number) leads to that
 * Service; any other leads to the edge, and so along every path of an Ingress, or the one that the URL names.
 */
function routesAt(
  url: URL,
  routes: readonly Route[],
  services: readonly Service[],
): { readonly route: Route; readonly isEdge: boolean }[] {
  const own = services.find((service) => isAt(service, url));
  if (own !== undefined) {
    const ofService = routes.filter(
      ({ namespace, service }) => namespace === own.metadata.namespace && service === own.metadata.name,
    );
    const direct = ofService.filter(({ kind }) => kind === "service");
    const route = direct.find(({ port }) => port === Number(url.port || 80)) ?? direct[0];
    return route === undefined ? [] : [{ route, isEdge: false }];
  }
  const fronts = routes.filter(({ kind }) => kind === "ingress");
  const named = fronts.filter(({ paths }) => paths.some(({ path }) => path === url.pathname + url.search));
  const meant = url.pathname === "/" ? fronts : (named.length > 0 ? named : fronts).slice(0, 1);
  return (meant.length > 0 ? meant : routes.slice(0, 1)).map((route) => ({ route, isEdge: true }));
}

function isAt({ spec, status }: Service, url: URL): boolean {
  const address = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = [
    ...(spec.clusterIPs ?? [spec.clusterIP]),
    ...(spec.externalIPs ?? []),
    ...(status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => [ip, hostname]),
  ];
  return (
    addresses.includes(address) || (spec.ports ?? []).some(({ nodePort }) => nodePort === Number(url.port))
  );
}
