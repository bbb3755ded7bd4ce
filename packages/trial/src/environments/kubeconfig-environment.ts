import { setTimeout as sleep } from "node:timers/promises";
import type { Route } from "@seaworthy/app";
import { findHttps, routesAt, wayBy, type Way } from "@seaworthy/targets";
import { createClient, httpTransport, readKubeconfig, type KubeClient } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { resourceTypes, type Service } from "@seaworthy/kube";
import { restartWorkload } from "./restart-workload.ts";
import type { Environment, KubeconfigChoice } from "./environment.ts";

/** Uses a cluster that is there already. */
export async function useKubeconfig(
  choice: KubeconfigChoice,
  namespace: string | undefined,
  onNotice: (text: string) => void,
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
    findGaps: () => [],
    journals: () => [],
    seenEndpoints: () => [],
    untilRouted: (_, mostMs, signal) => sleep(mostMs, undefined, { signal }),
    untilUnrouted: (_, mostMs, signal) => sleep(mostMs, undefined, { signal }),
    usage: () => [],
    podProcessors: undefined,
    edgeIdleMs: undefined,
    badApp: undefined,
    nodePower: undefined,
    restartEdge: choice.edge === undefined ? undefined : await restartWorkload(client, choice.edge),
    // A real cluster is never hurried.
    keepPace() {},
    // Which of a real cluster's pods can be reached from here is not known, so none is dialled.
    dialPod: undefined,
    enter: [],
    waysTo: (routes, host) => waysTo(client, routes, urls, host, onNotice),
    async [Symbol.asyncDispose]() {},
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new SeaworthyError("SW1002", `--url ${text} is not an http:// or https:// URL`, {
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
  onNotice: (text: string) => void,
): Promise<Way[]> {
  const services = await servicesOf(client, routes);
  const ways = urls.flatMap((url) =>
    routesAt(url, routes, services).map(async ({ route, isEdge }) => {
      const asked = host === undefined ? route : { ...route, hostHeader: host };
      const address = {
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: Number(url.port || (url.protocol === "https:" ? 443 : 80)),
        isTls: url.protocol === "https:",
      };
      return wayBy(await findHttps(address, asked, onNotice), asked, { isEdge, isOpaque: isEdge });
    }),
  );
  return await Promise.all(ways);
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
