import { declaresPort, type Route } from "@seaworthy/app";
import type { KubeClient } from "@seaworthy/client";
import { resourceTypes, type EndpointSlice, type Pod, deploymentOf } from "@seaworthy/kube";

/** A pod that a Service sends requests to. */
export interface PodBehind {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  /** For people: `Deployment shop`. */
  readonly workload: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether one of its containers says that it serves the port. */
  readonly declares: boolean;
  readonly images: readonly string[];
}

/** The ready pods that get what is sent to a route's Service, as the EndpointSlices say. */
export async function podsBehind(
  client: KubeClient,
  { namespace, service, portName }: Pick<Route, "namespace" | "service" | "portName">,
): Promise<PodBehind[]> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const [slices, pods] = await Promise.all([
    client.list<EndpointSlice>(resourceTypes.endpointslices, { namespace, labelSelector }),
    client.list<Pod>(resourceTypes.pods, { namespace }),
  ]);
  const byName = new Map(pods.items.map((pod) => [pod.metadata.name, pod]));
  return slices.items.flatMap((slice) => {
    const port = (slice.ports ?? []).find(({ name = "" }) => name === portName)?.port;
    if (port === undefined) return [];
    return (slice.endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses: [ip], targetRef }): PodBehind[] => {
        const pod = byName.get(targetRef?.name ?? "");
        if (ip === undefined || pod === undefined) return [];
        return [
          {
            name: pod.metadata.name,
            ip,
            port,
            workload: workloadOf(pod),
            labels: pod.metadata.labels ?? {},
            declares: declaresPort(pod.spec, port),
            images: pod.spec.containers.map(({ image = "" }) => image),
          },
        ];
      });
  });
}

/** The object that a user wrote: a Deployment, not the ReplicaSet that it made. */
function workloadOf(pod: Pod): string {
  const { metadata } = pod;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return `Pod ${metadata.name}`;
  const deployment = owner.kind === "ReplicaSet" ? deploymentOf(pod, owner.name) : undefined;
  return deployment === undefined ? `${owner.kind} ${owner.name}` : `Deployment ${deployment}`;
}
