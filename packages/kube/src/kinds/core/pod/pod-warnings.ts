import type { Container, EnvVar, PodSpec, TemplateMeta } from "../../../object.ts";
import { canonicalQuantity, parseQuantity } from "../../../quantity/quantity.ts";
import { ipWarnings } from "../../meta/ip-address.ts";
import { labelValue } from "../../meta/names.ts";
import { deprecatedNodeLabels } from "../node/deprecated-node-labels.ts";
import { portWarnings } from "./port-warnings.ts";
import { containersOf } from "./validation/windows-errors.ts";
import { volumeWarnings } from "./volume-warnings.ts";

/**
 * What the API server warns of in a pod, or in the template of one that is at `at`, which it takes nevertheless.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/api/pod/warnings.go
 */
export function* podWarnings(
  at: string,
  pod: { readonly metadata?: TemplateMeta; readonly spec?: PodSpec } | undefined,
): Generator<string> {
  const { metadata, spec = {} as PodSpec } = pod ?? {};
  const field = at === "" ? "spec" : `${at}.spec`;
  const annotations = at === "" ? "metadata.annotations" : `${at}.metadata.annotations`;
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const message = deprecatedNodeLabels[key];
    if (message !== undefined) yield `${field}.nodeSelector[${key}]: ${message}`;
  }
  yield* nodeAffinityWarnings(`${field}.affinity.nodeAffinity`, spec.affinity?.nodeAffinity);
  for (const [index, constraint] of (spec.topologySpreadConstraints ?? []).entries()) {
    const own = `${field}.topologySpreadConstraints[${index}]`;
    const message = deprecatedNodeLabels[constraint.topologyKey];
    if (message !== undefined) yield `${own}.topologyKey: ${constraint.topologyKey} is ${message}`;
    if (constraint.labelSelector === undefined) yield `${own}.labelSelector: ${matchesNothing}`;
  }
  for (const [key, message] of Object.entries(deprecatedAnnotations))
    if (metadata?.annotations?.[key] !== undefined) yield `${annotations}[${key}]: ${message}`;
  yield* volumeWarnings(`${field}.volumes`, spec.volumes ?? []);
  yield* repeated(`${field}.hostAliases`, "ip", spec.hostAliases ?? []);
  yield* repeated(`${field}.imagePullSecrets`, "name", spec.imagePullSecrets ?? []);
  for (const [index, { name = "" }] of (spec.imagePullSecrets ?? []).entries())
    if (name === "") yield `${field}.imagePullSecrets[${index}].name: invalid empty name ""`;
  yield* fractionWarnings(`${field}.overhead`, spec.overhead);
  if (spec.securityContext?.seccompProfile === undefined)
    yield* seccompWarnings(annotations, metadata, seccompKey);
  for (const [own, container] of containersOf(field, spec))
    yield* containerWarnings(own, container, annotations, metadata, at !== "");
  yield* portWarnings([...containersOf(field, spec)]);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0)
    yield `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`;
  yield* affinityWarnings(`${field}.affinity`, spec.affinity);
  for (const [index, address] of (spec.dnsConfig?.nameservers ?? []).entries())
    yield* ipWarnings(`${field}.dnsConfig.nameservers[${index}]`, address);
  for (const [index, { ip = "" }] of (spec.hostAliases ?? []).entries())
    yield* ipWarnings(`${field}.hostAliases[${index}].ip`, ip);
}

const deprecatedAnnotations: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod":
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};

const seccompKey = "seccomp.security.alpha.kubernetes.io/pod";

function* seccompWarnings(field: string, metadata: TemplateMeta | undefined, key: string): Generator<string> {
  if (metadata?.annotations?.[key] !== undefined)
    yield `${field}[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`;
}

/** A pod's own annotations for AppArmor are taken over into its fields instead. */
function* containerWarnings(
  field: string,
  { name, securityContext, resources, env = [] }: Container,
  annotations: string,
  metadata: TemplateMeta | undefined,
  isTemplate: boolean,
): Generator<string> {
  if (securityContext?.seccompProfile === undefined)
    yield* seccompWarnings(annotations, metadata, `container.seccomp.security.alpha.kubernetes.io/${name}`);
  const appArmor = `container.apparmor.security.beta.kubernetes.io/${name}`;
  const hasField = securityContext?.appArmorProfile !== undefined;
  if (isTemplate && !hasField && metadata?.annotations?.[appArmor] !== undefined)
    yield `${annotations}[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`;
  for (const resource of ["memory", "ephemeral-storage"])
    for (const list of ["limits", "requests"] as const) {
      const amount = resources?.[list]?.[resource];
      if (amount !== undefined) yield* fractionWarnings(`${field}.resources.${list}`, { [resource]: amount });
    }
  yield* hiddenVariables(`${field}.env`, env);
}

function* fractionWarnings(
  field: string,
  amounts: Readonly<Record<string, string>> | undefined,
): Generator<string> {
  for (const name of ["memory", "ephemeral-storage"]) {
    const amount = amounts?.[name];
    if (amount === undefined || parseQuantity(amount) % 1_000_000_000n === 0n) continue;
    const shown = JSON.stringify(canonicalQuantity(amount));
    yield `${field}[${name}]: fractional byte value ${shown} is invalid, must be an integer`;
  }
}

function* nodeAffinityWarnings(
  field: string,
  affinity: NonNullable<PodSpec["affinity"]>["nodeAffinity"],
): Generator<string> {
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  for (const [index, term] of (affinity?.[required]?.nodeSelectorTerms ?? []).entries())
    yield* nodeTermWarnings(`${field}.${required}.nodeSelectorTerms[${index}]`, term, false);
  for (const [index, { preference }] of (affinity?.[preferred] ?? []).entries())
    yield* nodeTermWarnings(`${field}.${preferred}[${index}].preference`, preference, true);
}

/** What the API server warns of in a choice of nodes. */
export function* nodeTermWarnings(
  field: string,
  term: { readonly matchExpressions?: readonly { readonly key?: string; readonly values?: string[] }[] },
  checksValues: boolean,
): Generator<string> {
  for (const [index, { key = "", values = [] }] of (term.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`;
    const message = deprecatedNodeLabels[key];
    if (message !== undefined) yield `${at}.key: ${key} is ${message}`;
    if (!checksValues) continue;
    for (const [position, value] of values.entries())
      for (const reason of labelValue(value))
        yield `${at}.values[${position}]: ${value} is invalid, ${reason}`;
  }
}

const matchesNothing = "a null labelSelector results in matching no pod";

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
