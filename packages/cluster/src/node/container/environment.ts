import { posix } from "node:path";
import { parseQuantity, type Container, type EnvVar, type Pod, type Service } from "@seaworthy/kube";
import { expandVariables } from "./expand-variables.ts";

/** The data of a ConfigMap or Secret. Undefined when the object does not exist. */
export type ReadData = (
  kind: "configmap" | "secret",
  name: string,
) => Promise<Readonly<Record<string, Buffer>> | undefined>;

/** A container cannot be made by what its pod says: `CreateContainerConfigError`. `next` is what helps here, for its event. */
export class ContainerConfigError extends Error {
  override readonly name = "ContainerConfigError";
  readonly next: string | undefined;
  constructor(message: string, next?: string) {
    super(message);
    this.next = next;
  }
}

/** A container's environment as the kubelet makes it: Services, then `envFrom`, then `env`, later ones winning. */
export async function containerEnvironment(
  pod: Pod,
  container: Container,
  services: readonly Service[],
  readData: ReadData,
): Promise<Record<string, string>> {
  const values = serviceVariables(pod, services);
  for (const source of container.envFrom ?? []) Object.assign(values, await fromSource(source, readData));
  for (const variable of container.env ?? []) {
    const value = await valueOf(pod, container, variable, values, readData);
    if (value !== undefined) values[variable.name] = value;
  }
  return values;
}

/** The value of a pod's field, as `fieldRef` names it; undefined when this field cannot be referred to. */
export function fieldValue(pod: Pod, path: string): string | undefined {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) return pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2]!] ?? "";
  switch (path) {
    case "metadata.name":
      return pod.metadata.name;
    case "metadata.namespace":
      return pod.metadata.namespace ?? "default";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "metadata.labels":
      return formatMap(pod.metadata.labels);
    case "metadata.annotations":
      return formatMap(pod.metadata.annotations);
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "default";
    case "status.podIP":
    case "status.podIPs":
      return pod.status?.podIP ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return pod.status?.hostIP ?? "";
    default:
      return undefined;
  }
}

/** The value of `resourceFieldRef`, rounded up to whole divisors. Without a limit it is what the node has. */
export function resourceValue(
  container: Container,
  resource: string,
  divisor: string | undefined,
): string | undefined {
  const [list, name = ""] = resource.split(".");
  const { limits, requests } = container.resources ?? {};
  const nodeHas: Record<string, string> = { cpu: "8", memory: "16Gi", "ephemeral-storage": "100Gi" };
  const quantity =
    list === "limits"
      ? (limits?.[name] ?? nodeHas[name])
      : list === "requests"
        ? (requests?.[name] ?? "0")
        : undefined;
  if (quantity === undefined) return undefined;
  const unit = parseQuantity(divisor === undefined || divisor === "0" ? "1" : divisor);
  const value = parseQuantity(quantity);
  return String((value + unit - 1n) / unit);
}

async function fromSource(
  source: NonNullable<Container["envFrom"]>[number],
  readData: ReadData,
): Promise<Record<string, string>> {
  const kind = source.configMapRef === undefined ? "secret" : "configmap";
  const reference = source.configMapRef ?? source.secretRef;
  if (reference?.name === undefined) return {};
  const data = await readData(kind, reference.name);
  if (data === undefined && reference.optional !== true) throw missing(kind, reference.name);
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [`${source.prefix ?? ""}${key}`, value.toString()]),
  );
}

async function valueOf(
  pod: Pod,
  container: Container,
  variable: EnvVar,
  known: Readonly<Record<string, string>>,
  readData: ReadData,
): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (from === undefined) return expandVariables(variable.value ?? "", known);
  if (from.fieldRef !== undefined) {
    const value = fieldValue(pod, from.fieldRef.fieldPath);
    if (value === undefined)
      throw new ContainerConfigError(`unsupported fieldPath: ${from.fieldRef.fieldPath}`);
    return value;
  }
  if (from.resourceFieldRef !== undefined) {
    const { containerName, resource, divisor } = from.resourceFieldRef;
    const target = pod.spec.containers.find(({ name }) => name === containerName) ?? container;
    const value = resourceValue(target, resource, divisor);
    if (value === undefined) throw new ContainerConfigError(`unsupported container resource: ${resource}`);
    return value;
  }
  const kind = from.configMapKeyRef === undefined ? "secret" : "configmap";
  const reference = from.configMapKeyRef ?? from.secretKeyRef;
  if (reference?.name === undefined) return undefined;
  const data = await readData(kind, reference.name);
  const value = data?.[reference.key];
  if (value !== undefined) return value.toString();
  if (reference.optional === true) return undefined;
  if (data === undefined) throw missing(kind, reference.name);
  const title = kind === "configmap" ? "ConfigMap" : "Secret";
  throw new ContainerConfigError(
    `couldn't find key ${reference.key} in ${title} ${pod.metadata.namespace ?? "default"}/${reference.name}`,
  );
}

function missing(kind: string, name: string): ContainerConfigError {
  return new ContainerConfigError(`${kind} "${name}" not found`);
}

/** pkg/kubelet/envvars/envvars.go: the API server's Service always, the namespace's own unless `enableServiceLinks` is off. */
function serviceVariables(pod: Pod, services: readonly Service[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const service of services) {
    const { name, namespace } = service.metadata;
    const isApiServer = name === "kubernetes" && namespace === "default";
    const isLinked = pod.spec.enableServiceLinks !== false && namespace === pod.metadata.namespace;
    const ip = service.spec.clusterIP;
    const [first] = service.spec.ports ?? [];
    if ((!isApiServer && !isLinked) || ip === undefined || ip === "None" || ip === "" || first === undefined)
      continue;
    const prefix = name.toUpperCase().replaceAll("-", "_");
    values[`${prefix}_SERVICE_HOST`] = ip;
    values[`${prefix}_SERVICE_PORT`] = String(first.port);
    values[`${prefix}_PORT`] = `${(first.protocol ?? "TCP").toLowerCase()}://${ip}:${first.port}`;
    for (const port of service.spec.ports ?? []) {
      const protocol = port.protocol ?? "TCP";
      const link = `${prefix}_PORT_${port.port}_${protocol}`;
      if (port.name !== undefined)
        values[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll("-", "_")}`] = String(port.port);
      values[link] = `${protocol.toLowerCase()}://${ip}:${port.port}`;
      values[`${link}_PROTO`] = protocol.toLowerCase();
      values[`${link}_PORT`] = String(port.port);
      values[`${link}_ADDR`] = ip;
    }
  }
  return values;
}

function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}

/** A mount path without `..`, doubled or trailing slashes. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path.startsWith("/") ? path : `/${path}`);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}
