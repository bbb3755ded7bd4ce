import type { EnvFromSource, EnvVar, Wire } from "../../../../object.ts";
import type { V1EnvVarSource, V1ObjectFieldSelector, V1ResourceFieldSelector } from "@kubernetes/client-node";
import { canonicalQuantity, compareQuantity } from "../../../../quantity/quantity.ts";
import {
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedText,
  type FieldErrors,
} from "../../../field-error.ts";
import {
  asPrefix,
  configMapKey,
  dns1123Label,
  dns1123Subdomain,
  envVarName,
  qualifiedName,
} from "../../../meta/names.ts";
import { backstepErrors } from "./path-errors.ts";

type EnvVarSource = Wire<V1EnvVarSource>;
type FieldSelector = Wire<V1ObjectFieldSelector>;
type ResourceSelector = Wire<V1ResourceFieldSelector>;

/** What is wrong with a container's environment. */
export function* envErrors(field: string, variables: readonly EnvVar[] | undefined): FieldErrors {
  for (const [index, variable] of (variables ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { name = "" } = variable as Partial<EnvVar>;
    if (name === "") yield requiredValue(`${at}.name`);
    else yield* invalidBecause(`${at}.name`, name, envVarName(name));
    if (variable.valueFrom !== undefined)
      yield* sourceErrors(`${at}.valueFrom`, variable.valueFrom, variable.value ?? "");
  }
}

/** What is wrong with the ConfigMaps and Secrets that a container takes its environment from. */
export function* envFromErrors(field: string, sources: readonly EnvFromSource[] | undefined): FieldErrors {
  for (const [index, source] of (sources ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { prefix = "" } = source;
    if (prefix !== "") yield* invalidBecause(`${at}.prefix`, prefix, envVarName(prefix));
    let count = 0;
    for (const kind of ["configMapRef", "secretRef"] as const) {
      const reference = source[kind];
      if (reference === undefined) continue;
      count += 1;
      const { name = "" } = reference;
      if (name === "") yield requiredValue(`${at}.${kind}.name`);
      else yield* invalidBecause(`${at}.${kind}.name`, name, asPrefix(dns1123Subdomain)(name));
    }
    if (count === 0) yield invalidValue(field, "", "must specify one of: `configMapRef` or `secretRef`");
    if (count > 1) yield invalidValue(field, "", "may not have more than one field specified at a time");
  }
}

function* sourceErrors(field: string, source: EnvVarSource, value: string): FieldErrors {
  let count = 0;
  if (source.fieldRef !== undefined) {
    count += 1;
    yield* fieldRefErrors(`${field}.fieldRef`, source.fieldRef, envPaths);
  }
  if (source.resourceFieldRef !== undefined) {
    count += 1;
    yield* resourceFieldRefErrors(`${field}.resourceFieldRef`, source.resourceFieldRef, false);
  }
  for (const kind of ["configMapKeyRef", "secretKeyRef"] as const) {
    const reference = source[kind];
    if (reference === undefined) continue;
    count += 1;
    const { name = "", key = "" } = reference as { name?: string; key?: string };
    yield* invalidBecause(`${field}.${kind}.name`, name, dns1123Subdomain(name));
    if (key === "") yield requiredValue(`${field}.${kind}.key`);
    else yield* invalidBecause(`${field}.${kind}.key`, key, configMapKey(key));
  }
  if (source.fileKeyRef !== undefined) {
    count += 1;
    yield* fileKeyErrors(`${field}.fileKeyRef`, source.fileKeyRef);
  }
  if (count === 0) {
    const known = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
    yield invalidValue(field, "", `must specify one of: ${known}`);
  } else if (value !== "") {
    yield invalidValue(field, "", "may not be specified when `value` is not empty");
  } else if (count > 1) {
    yield invalidValue(field, "", "may not have more than one field specified at a time");
  }
}

function* fileKeyErrors(field: string, reference: NonNullable<EnvVarSource["fileKeyRef"]>): FieldErrors {
  const { key = "", volumeName = "", path = "" } = reference as Partial<typeof reference>;
  if (key === "") yield requiredValue(`${field}.key`);
  else yield* invalidBecause(`${field}.key`, key, envVarName(key));
  if (volumeName === "") yield requiredValue(`${field}.volumeName`);
  else yield* invalidBecause(`${field}.volumeName`, volumeName, dns1123Label(volumeName));
  if (path === "") yield requiredValue(`${field}.path`);
  else yield* backstepErrors(`${field}.path`, path);
}

const envPaths = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** The fields of a pod that a file of a downwardAPI volume may hold. */
export const volumePaths: readonly string[] = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Every field that the downward API has a name for, whether it is allowed in a place or not. */
const downwardPaths: ReadonlySet<string> = new Set([
  ...envPaths,
  ...volumePaths,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);

/** What is wrong with a reference to a field of the pod. */
export function* fieldRefErrors(
  field: string,
  selector: FieldSelector,
  allowed: readonly string[],
): FieldErrors {
  const { apiVersion = "v1", fieldPath = "" } = selector as Partial<FieldSelector>;
  if (fieldPath === "") return yield requiredValue(`${field}.fieldPath`);
  const [, path = fieldPath, subscript] = /^(.+?)\['(.*)'\]$/s.exec(fieldPath) ?? [];
  const refused = (why: string) =>
    invalidValue(`${field}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`);
  if (apiVersion !== "v1") return yield refused(`unsupported pod version: ${apiVersion}`);
  if (subscript !== undefined) {
    if (path === "metadata.annotations")
      yield* invalidBecause(field, subscript.toLowerCase(), qualifiedName(subscript.toLowerCase()));
    else if (path === "metadata.labels") yield* invalidBecause(field, subscript, qualifiedName(subscript));
    else yield refused(`field label does not support subscript: ${fieldPath}`);
    return;
  }
  const known = path === "spec.host" ? "spec.nodeName" : path;
  if (!downwardPaths.has(known)) yield refused(`field label not supported: ${path}`);
  else if (!allowed.includes(known)) yield unsupportedText(`${field}.fieldPath`, known, allowed);
}

const resourcePaths = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const byteDivisors = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

/** What is wrong with a reference to a request or limit of a container. */
export function* resourceFieldRefErrors(
  field: string,
  selector: ResourceSelector,
  isVolume: boolean,
): FieldErrors {
  const { containerName = "", resource = "", divisor = "0" } = selector as Partial<ResourceSelector>;
  const isHugePages = /^(requests|limits)\.hugepages-/.test(resource);
  if (isVolume && containerName === "") yield requiredValue(`${field}.containerName`);
  else if (resource === "") yield requiredValue(`${field}.resource`);
  else if (!resourcePaths.includes(resource) && !isHugePages)
    yield unsupportedText(`${field}.resource`, resource, resourcePaths);
  if (compareQuantity(divisor, 0) === 0) return;
  const [divisors, what] = divisorsOf(resource, isHugePages);
  if (divisors === "" || divisors.split(/, | and /).includes(canonicalQuantity(divisor))) return;
  yield invalidValue(
    `${field}.divisor`,
    resource,
    `only divisor's values ${divisors} are supported with the ${what} resource`,
  );
}

function divisorsOf(resource: string, isHugePages: boolean): [divisors: string, what: string] {
  if (isHugePages) return [byteDivisors, "hugepages"];
  if (resource.endsWith(".cpu")) return ["1m and 1", "cpu"];
  if (resource.endsWith(".memory")) return [byteDivisors, "memory"];
  if (resource.endsWith(".ephemeral-storage")) return [byteDivisors, "local ephemeral storage"];
  return ["", ""];
}
