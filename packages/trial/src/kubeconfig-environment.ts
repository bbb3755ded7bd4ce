import { createClient, httpTransport, readKubeconfig, type KubeClient } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { resourceTypes, type Service } from "@seaworthy/kube";
import type { Target } from "@seaworthy/load";
import type { Environment, KubeconfigChoice, ResolvedTargets } from "./environment.ts";
import { deploymentsBehind, type DiscoveredTarget } from "./targets.ts";

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
    // A real cluster is never hurried.
    keepPace() {},
    resolveTargets: (found, host) => resolve(client, found, urls, host),
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

async function resolve(
  client: KubeClient,
  found: readonly DiscoveredTarget[],
  urls: readonly URL[],
  host: string | undefined,
): Promise<ResolvedTargets> {
  const clusterIps = await serviceAddresses(client, found);
  const matched = urls.map((url) => matchUrl(url, found, clusterIps));
  const names = uniqueNames(matched.map(({ kind }) => kind));
  const targets = matched.map(({ url, like }, index): Target => {
    const path = url.pathname === "/" ? (like?.path ?? "/") : url.pathname + url.search;
    return {
      name: names[index]!,
      via: { kind: "tcp", host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 80) },
      hostHeader: host ?? like?.hostHeader ?? url.host,
      path,
    };
  });
  return {
    targets,
    dial: undefined,
    services: Object.fromEntries(
      matched.flatMap(({ like }, index) =>
        like === undefined ? [] : [[names[index]!, { namespace: like.namespace, name: like.service }]],
      ),
    ),
    edges: names.filter((_, index) => matched[index]!.kind === "ingress"),
    deployments: deploymentsBehind(found),
  };
}

async function serviceAddresses(
  client: KubeClient,
  found: readonly DiscoveredTarget[],
): Promise<Map<string, string>> {
  const addresses = new Map<string, string>();
  for (const { namespace, service } of found) {
    const object = await client.get<Service>(resourceTypes.services, namespace, service);
    for (const ip of object.spec.clusterIPs ?? [object.spec.clusterIP])
      if (ip !== undefined) addresses.set(ip, `${namespace}/${service}`);
  }
  return addresses;
}

/** A URL whose address is a Service's ClusterIP leads to that Service; any other leads to the edge. */
function matchUrl(url: URL, found: readonly DiscoveredTarget[], clusterIps: ReadonlyMap<string, string>) {
  const service = clusterIps.get(url.hostname.replace(/^\[|\]$/g, ""));
  const kind = service === undefined ? ("ingress" as const) : ("service" as const);
  const ofService = found.filter(
    (target) => service === undefined || `${target.namespace}/${target.service}` === service,
  );
  const like = ofService.find((target) => target.kind === kind) ?? ofService[0];
  return { url, kind, like };
}

function uniqueNames(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((each) => each === name).length;
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}
