import type {
  ConfigMap,
  CoreEvent,
  Deployment,
  Endpoints,
  EndpointSlice,
  Ingress,
  IngressClass,
  KubeObject,
  Lease,
  Namespace,
  Node,
  Pod,
  PodTemplateSpec,
  ReplicaSet,
  Secret,
  Service,
} from "@seaworthy/kube";
import { formatLabelSelector } from "@seaworthy/kube";
import { podWords } from "./pod-status-word.ts";

/** One column: its name in the header and the cell of an object. `wide` columns show with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly type?: "integer" | "string";
  readonly wide?: true;
  cell(object: KubeObject, ageOf: AgeOf): string | number;
}

/** Formats a moment as an age; `<unknown>` without one. */
export type AgeOf = (time: string | undefined) => string;

/** The columns of each resource, as pkg/printers/internalversion/printers.go `AddHandlers` lists them. */
export const columns: Readonly<Record<string, readonly Column[]>> = {
  pods: [
    name(),
    text<Pod>("Ready", (pod, ageOf) => podWords(pod, ageOf).ready),
    text<Pod>("Status", (pod, ageOf) => podWords(pod, ageOf).status),
    text<Pod>("Restarts", (pod, ageOf) => podWords(pod, ageOf).restarts),
    age(),
    wide<Pod>("IP", (pod) => pod.status?.podIP),
    wide<Pod>("Node", (pod) => pod.spec?.nodeName),
    wide<Pod>("Nominated Node", (pod) => pod.status?.nominatedNodeName),
    wide<Pod>("Readiness Gates", (pod) => readinessGates(pod)),
  ],
  deployments: [
    name(),
    text<Deployment>("Ready", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`),
    integer<Deployment>("Up-to-date", ({ status }) => status?.updatedReplicas),
    integer<Deployment>("Available", ({ status }) => status?.availableReplicas),
    age(),
    ...templateColumns<Deployment>(),
  ],
  replicasets: [
    name(),
    integer<ReplicaSet>("Desired", ({ spec }) => spec?.replicas),
    integer<ReplicaSet>("Current", ({ status }) => status?.replicas),
    integer<ReplicaSet>("Ready", ({ status }) => status?.readyReplicas),
    age(),
    ...templateColumns<ReplicaSet>(),
  ],
  services: [
    name(),
    text<Service>("Type", ({ spec }) => spec?.type),
    text<Service>("Cluster-IP", ({ spec }) => spec?.clusterIP),
    text<Service>("External-IP", ({ status, spec }) => externalIp(spec?.type, status?.loadBalancer?.ingress)),
    text<Service>("Port(s)", ({ spec }) => ports(spec?.ports)),
    age(),
    wide<Service>("Selector", ({ spec }) => pairs(spec?.selector)),
  ],
  endpoints: [name(), text<Endpoints>("Endpoints", (endpoints) => endpointList(endpoints)), age()],
  endpointslices: [
    name(),
    text<EndpointSlice>("AddressType", (slice) => slice.addressType),
    text<EndpointSlice>("Ports", (slice) =>
      some(
        (slice.ports ?? []).map((each) => String(each.port ?? "*")),
        "<unset>",
      ),
    ),
    text<EndpointSlice>("Endpoints", (slice) =>
      some(
        (slice.endpoints ?? []).flatMap((each) => each.addresses),
        "<unset>",
      ),
    ),
    age(),
  ],
  configmaps: [
    name(),
    integer<ConfigMap>("Data", ({ data, binaryData }) => count(data) + count(binaryData)),
    age(),
  ],
  secrets: [
    name(),
    text<Secret>("Type", ({ type }) => type),
    integer<Secret>("Data", ({ data }) => count(data)),
    age(),
  ],
  events: [
    { name: "Last Seen", cell: (object, ageOf) => ageOf(lastSeen(object as CoreEvent)) },
    text<CoreEvent>("Type", ({ type }) => type),
    text<CoreEvent>("Reason", ({ reason }) => reason),
    text<CoreEvent>(
      "Object",
      ({ involvedObject }) => `${(involvedObject.kind ?? "").toLowerCase()}/${involvedObject.name ?? ""}`,
    ),
    wide<CoreEvent>("Subobject", ({ involvedObject }) => involvedObject.fieldPath ?? ""),
    wide<CoreEvent>("Source", ({ source }) => [source?.component, source?.host].filter(Boolean).join(", ")),
    text<CoreEvent>("Message", ({ message }) => message?.trim()),
    {
      name: "First Seen",
      wide: true,
      cell: (object, ageOf) =>
        ageOf((object as CoreEvent).firstTimestamp ?? object.metadata.creationTimestamp),
    },
    wide<CoreEvent>("Count", ({ count: times }) => String(times ?? 1)),
    wide<CoreEvent>("Name", ({ metadata }) => metadata.name),
  ],
  ingresses: [
    name(),
    text<Ingress>("Class", ({ spec }) => spec?.ingressClassName),
    text<Ingress>("Hosts", ({ spec }) =>
      some(
        (spec?.rules ?? []).map((rule) => rule.host ?? "*"),
        "*",
      ),
    ),
    text<Ingress>("Address", ({ status }) =>
      (status?.loadBalancer?.ingress ?? []).map((each) => each.ip ?? each.hostname ?? "").join(","),
    ),
    text<Ingress>("Ports", ({ spec }) => ((spec?.tls ?? []).length > 0 ? "80, 443" : "80")),
    age(),
  ],
  ingressclasses: [
    name(),
    text<IngressClass>("Controller", ({ spec }) => spec?.controller),
    text<IngressClass>("Parameters", () => undefined),
    age(),
  ],
  nodes: [
    name(),
    text<Node>("Status", (node) => nodeWord(node)),
    text<Node>("Roles", (node) => nodeRoles(node)),
    age(),
    text<Node>("Version", ({ status }) => status?.nodeInfo?.kubeletVersion),
    wide<Node>("Internal-IP", (node) => nodeAddress(node, "InternalIP")),
    wide<Node>("External-IP", (node) => nodeAddress(node, "ExternalIP")),
    wide<Node>("OS-Image", ({ status }) => status?.nodeInfo?.osImage),
    wide<Node>("Kernel-Version", ({ status }) => status?.nodeInfo?.kernelVersion),
    wide<Node>("Container-Runtime", ({ status }) => status?.nodeInfo?.containerRuntimeVersion),
  ],
  namespaces: [name(), text<Namespace>("Status", ({ status }) => status?.phase), age()],
  leases: [name(), text<Lease>("Holder", ({ spec }) => spec?.holderIdentity), age()],
};

function name(): Column {
  return { name: "Name", cell: (object) => object.metadata.name };
}

function age(): Column {
  return { name: "Age", cell: (object, ageOf) => ageOf(object.metadata.creationTimestamp) };
}

function text<T extends KubeObject>(
  title: string,
  cell: (object: T, ageOf: AgeOf) => string | undefined,
): Column {
  return { name: title, cell: (object, ageOf) => cell(object as T, ageOf) ?? "<none>" };
}

function wide<T extends KubeObject>(title: string, cell: (object: T) => string | undefined): Column {
  return { name: title, wide: true, cell: (object) => cell(object as T) ?? "<none>" };
}

function integer<T extends KubeObject>(title: string, cell: (object: T) => number | undefined): Column {
  return { name: title, type: "integer", cell: (object) => cell(object as T) ?? 0 };
}

function templateColumns<T extends Deployment | ReplicaSet>(): Column[] {
  const containers = (object: T): PodTemplateSpec["spec"] | undefined => object.spec?.template?.spec;
  return [
    wide<T>("Containers", (object) =>
      containers(object)
        ?.containers.map((each) => each.name)
        .join(","),
    ),
    wide<T>("Images", (object) =>
      containers(object)
        ?.containers.map((each) => each.image ?? "")
        .join(","),
    ),
    wide<T>("Selector", ({ spec }) =>
      spec?.selector === undefined ? undefined : formatLabelSelector(spec.selector),
    ),
  ];
}

function readinessGates(pod: Pod): string | undefined {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return undefined;
  const met = gates.filter((gate) =>
    pod.status?.conditions?.some((each) => each.type === gate.conditionType && each.status === "True"),
  );
  return `${met.length}/${gates.length}`;
}

function externalIp(
  type: string | undefined,
  addresses: readonly { readonly ip?: string; readonly hostname?: string }[] | undefined,
): string | undefined {
  if (type !== "LoadBalancer") return undefined;
  return some(
    (addresses ?? []).map((each) => each.ip ?? each.hostname ?? ""),
    "<pending>",
  );
}

function ports(
  all:
    | readonly { readonly port: number; readonly nodePort?: number; readonly protocol?: string }[]
    | undefined,
): string | undefined {
  if (all === undefined || all.length === 0) return undefined;
  return all
    .map(
      ({ port, nodePort, protocol }) =>
        `${port}${nodePort === undefined ? "" : `:${nodePort}`}/${protocol ?? "TCP"}`,
    )
    .join(",");
}

function endpointList(endpoints: Endpoints): string | undefined {
  const all = (endpoints.subsets ?? []).flatMap((subset) =>
    (subset.addresses ?? []).flatMap((address) =>
      (subset.ports ?? []).map((port) => `${address.ip}:${port.port}`),
    ),
  );
  return all.length === 0 ? undefined : some(all, "");
}

/** At most three, then how many more there are, as the printers do. */
function some(values: readonly string[], none: string): string {
  if (values.length === 0) return none;
  return values.length <= 3
    ? values.join(",")
    : `${values.slice(0, 3).join(",")} + ${values.length - 3} more...`;
}

function pairs(labels: Readonly<Record<string, string>> | undefined): string | undefined {
  const entries = Object.entries(labels ?? {});
  return entries.length === 0
    ? undefined
    : entries
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(",");
}

function count(data: Readonly<Record<string, string>> | undefined): number {
  return Object.keys(data ?? {}).length;
}

function lastSeen(event: CoreEvent): string | undefined {
  return event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata.creationTimestamp;
}

function nodeWord(node: Node): string {
  const ready = node.status?.conditions?.find((each) => each.type === "Ready");
  const word = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
}

function nodeRoles(node: Node): string | undefined {
  const roles = Object.keys(node.metadata.labels ?? {}).flatMap(
    (label) => /^node-role\.kubernetes\.io\/(.+)$/.exec(label)?.[1] ?? [],
  );
  return roles.length === 0 ? undefined : roles.sort().join(",");
}

function nodeAddress(node: Node, type: string): string | undefined {
  return node.status?.addresses?.find((each) => each.type === type)?.address;
}
