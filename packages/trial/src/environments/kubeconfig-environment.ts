import type { Route } from "@seaworthy/app";
import { dialTcp, routesAt, type Way } from "@seaworthy/targets";
import { createClient, httpTransport, readKubeconfig, type KubeClient } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { resourceTypes, type Service } from "@seaworthy/kube";
import type { Environment, KubeconfigChoice } from "./environment.ts";

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
    runs: () => true,
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
      route: host === undefined ? route : { ...route, hostHeader: host },
      via: { kind: "tcp", host: address, port },
      isEdge,
      isOpaque: isEdge,
      dial: (timeoutMs) => dialTcp(address, port, timeoutMs),
    }));
  });
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
