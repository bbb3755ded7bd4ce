import type { Container, ContainerPort, EnvVar, PodSpec } from "../../../object.ts";
import { containersOf } from "./validation/windows-errors.ts";

/**
 * What the API server warns of in the spec of a pod, which it takes nevertheless; `field` is that of the spec.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/api/pod/warnings.go
 */
export function* podSpecWarnings(field: string, spec: PodSpec): Generator<string> {
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const message = deprecatedLabels[key];
    if (message !== undefined) yield `${field}.nodeSelector[${key}]: ${message}`;
  }
  for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries()) {
    const at = `${field}.topologySpreadConstraints[${index}]`;
    const message = deprecatedLabels[constraint.topologyKey];
    if (message !== undefined) yield `${at}.topologyKey: ${constraint.topologyKey} is ${message}`;
    if (constraint.labelSelector === undefined) yield `${at}.labelSelector: ${matchesNothing}`;
  }
  yield* repeated(`${field}.hostAliases`, "ip", spec.hostAliases ?? []);
  yield* repeated(`${field}.imagePullSecrets`, "name", spec.imagePullSecrets ?? []);
  for (const [index, { name = "" }] of (spec.imagePullSecrets ?? []).entries())
    if (name === "") yield `${field}.imagePullSecrets[${index}].name: invalid empty name ""`;
  for (const [at, { env = [] }] of containersOf(field, spec)) yield* hiddenVariables(`${at}.env`, env);
  yield* portWarnings([...containersOf(field, spec)]);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    yield `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`;
  yield* affinityWarnings(`${field}.affinity`, spec.affinity);
}

const matchesNothing = "a null labelSelector results in matching no pod";

const deprecatedLabels: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region":
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone":
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type":
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
};

function* repeated<Key extends string>(
  field: string,
  key: Key,
  items: readonly { readonly [K in Key]?: string }[],
): Generator<string> {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const value = item[key] ?? "";
    if (seen.has(value)) yield `${field}[${index}].${key}: duplicate ${key} ${JSON.stringify(value)}`;
    seen.add(value);
  }
}

/** A variable may be set again from its own value; else the first one is lost. */
function* hiddenVariables(field: string, env: readonly EnvVar[]): Generator<string> {
  const seen = new Set<string>();
  for (const [index, { name, value = "", valueFrom }] of env.entries()) {
    const reference = `$(${name})`;
    const isLost = valueFrom !== undefined || value === reference || !value.includes(reference);
    if (seen.has(name) && isLost)
      yield `${field}[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    seen.add(name);
  }
}

function* portWarnings(
  containers: readonly (readonly [at: string, container: Container])[],
): Generator<string> {
  const ports = containers.flatMap(([at, container]) =>
    (container.ports ?? []).map((port, index) => ({ port, field: `${at}.ports[${index}]` })),
  );
  for (const [index, { port, field }] of ports.entries()) {
    for (const other of ports.slice(0, index)) {
      const clash = clashOf(port, other.port);
      if (clash !== undefined) yield `${field}: ${clash} port definition with ${other.field}`;
    }
  }
  for (const [index, { port, field }] of ports.entries()) {
    const { name = "" } = port;
    const other = ports.slice(0, index).find((earlier) => earlier.port.name === name)?.field;
    if (name !== "" && other !== undefined)
      yield `${field}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`;
  }
}

function clashOf(port: ContainerPort, other: ContainerPort): string | undefined {
  if (port.containerPort !== other.containerPort || (port.protocol ?? "TCP") !== (other.protocol ?? "TCP"))
    return undefined;
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  const [hostIP, otherHostIP] = [port.hostIP ?? "", other.hostIP ?? ""];
  if (hostPort === otherHostPort && hostIP === otherHostIP) return "duplicate";
  if (hostPort === 0 || otherHostPort === 0) return "overlapping";
  return hostPort === otherHostPort && (hostIP === "") !== (otherHostIP === "")
    ? "dangerously ambiguous"
    : undefined;
}

function* affinityWarnings(field: string, affinity: PodSpec["affinity"]): Generator<string> {
  for (const which of ["podAffinity", "podAntiAffinity"] as const) {
    const required = "requiredDuringSchedulingIgnoredDuringExecution";
    const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    for (const [index, term] of (affinity?.[which]?.[required] ?? []).entries())
      if (term.labelSelector === undefined)
        yield `${field}.${which}.${required}[${index}].labelSelector: ${matchesNothing}`;
    for (const [index, { podAffinityTerm }] of (affinity?.[which]?.[preferred] ?? []).entries())
      if (podAffinityTerm.labelSelector === undefined)
        yield `${field}.${which}.${preferred}[${index}].podAffinityTerm.labelSelector: ${matchesNothing}`;
  }
}
