import { isSidecar } from "../running-containers.ts";
import type { Container, PodSpec, ResourceRequirements } from "../../../../object.ts";
import {
  canonicalQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
} from "../../../../quantity/quantity.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidBecause,
  invalidValue,
  notFoundValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { dns1123Label, qualifiedName } from "../../../meta/names.ts";

type Quantities = Readonly<Record<string, string>>;
type NameRule = (field: string, name: string) => FieldErrors;

/** What is wrong with the requests and limits of a container. */
export function containerResourceErrors(
  field: string,
  resources: ResourceRequirements | undefined,
  claimNames: ReadonlySet<string>,
): FieldErrors {
  return requirementErrors(field, resources ?? {}, claimNames, containerResourceNameErrors);
}

/** What is wrong with the requests and limits that a pod has as a whole. */
export function* podResourceErrors(
  field: string,
  spec: PodSpec,
  claimNames: ReadonlySet<string>,
): FieldErrors {
  const { resources } = spec;
  if (resources === undefined) return;
  const at = `${field}.resources`;
  if (spec.os?.name === "windows") return yield forbiddenValue(at, "may not be set for a windows pod");
  if (resources.claims !== undefined)
    yield forbiddenValue(`${at}.claims`, "claims may not be set for Resources at pod-level");
  yield* requirementErrors(at, resources, claimNames, podResourceNameErrors);
  for (const [name, request] of Object.entries(resources.requests ?? {})) {
    const sum = sumOfRequests(spec, name);
    if (sum <= parseQuantity(request)) continue;
    const shown = formatQuantity(sum, /memory|hugepages/.test(name) ? "binary" : "decimal");
    const why = `must be greater than or equal to aggregate container requests of ${shown}`;
    yield invalidValue(`${at}.requests[${name}]`, canonicalQuantity(request), why);
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const most = resources.limits?.[name];
      if (most === undefined || compareQuantity(limit, most) <= 0) continue;
      const why = `must be less than or equal to pod limits of ${canonicalQuantity(most)}`;
      yield invalidValue(`${at}.containers[${index}][${name}].limits`, canonicalQuantity(limit), why);
    }
  }
}

/** Containers together, or an init container with the sidecars before it, whichever asks for more. */
function sumOfRequests(spec: PodSpec, name: string): bigint {
  const requestOf = ({ resources }: Container) => parseQuantity(resources?.requests?.[name] ?? "0");
  let sidecars = 0n;
  let most = 0n;
  for (const container of spec.initContainers ?? []) {
    const request = requestOf(container);
    if (isSidecar(container)) sidecars += request;
    const needed = isSidecar(container) ? sidecars : sidecars + request;
    if (needed > most) most = needed;
  }
  const running = (spec.containers ?? []).reduce((sum, container) => sum + requestOf(container), sidecars);
  return running > most ? running : most;
}

function* requirementErrors(
  field: string,
  { limits = {}, requests = {}, claims = [] }: ResourceRequirements,
  claimNames: ReadonlySet<string>,
  nameRule: NameRule,
): FieldErrors {
  for (const [name, limit] of Object.entries(limits))
    yield* quantityErrors(`${field}.limits`, name, limit, nameRule);
  for (const [name, request] of Object.entries(requests)) {
    const at = `${field}.requests`;
    yield* plainQuantityErrors(at, name, request, nameRule);
    const limit = limits[name];
    const shown = canonicalQuantity(request);
    const mayOvercommit = isNative(name) && !isHugePages(name);
    if (limit === undefined) {
      if (!mayOvercommit)
        yield requiredValue(`${field}.limits`, "Limit must be set for non overcommitable resources");
    } else {
      const order = compareQuantity(request, limit);
      const most = `${name} limit of ${canonicalQuantity(limit)}`;
      if (order !== 0 && !mayOvercommit) yield invalidValue(at, shown, `must be equal to ${most}`);
      else if (order > 0) yield invalidValue(at, shown, `must be less than or equal to ${most}`);
    }
    yield* hugePageErrors(`${at}[${name}]`, name, request);
  }
  if (asksForHugePagesOnly(limits, requests)) yield forbiddenValue(field, "HugePages require cpu or memory");
  yield* claimErrors(`${field}.claims`, claims, claimNames);
}

function* quantityErrors(field: string, name: string, value: string, nameRule: NameRule): FieldErrors {
  yield* plainQuantityErrors(field, name, value, nameRule);
  yield* hugePageErrors(`${field}[${name}]`, name, value);
}

function* plainQuantityErrors(field: string, name: string, value: string, nameRule: NameRule): FieldErrors {
  const at = `${field}[${name}]`;
  yield* nameRule(at, name);
  yield* resourceValueErrors(at, name, value);
}

/** What is wrong with the amount of a resource, wherever it stands. */
export function* resourceValueErrors(field: string, name: string, value: string): FieldErrors {
  const nanos = parseQuantity(value);
  if (nanos < 0n) yield invalidValue(field, canonicalQuantity(value), "must be greater than or equal to 0");
  if ((countedResources.has(name) || isExtended(name)) && nanos % 1_000_000_000n !== 0n)
    yield invalidValue(field, canonicalQuantity(value), "must be an integer");
}

function* hugePageErrors(field: string, name: string, value: string): FieldErrors {
  if (!isHugePages(name)) return;
  const size = /^hugepages-(\d.*)$/.exec(name)?.[1];
  const page = size === undefined ? 0n : parseQuantity(size);
  if (page > 0n && parseQuantity(value) % page === 0n) return;
  const shown = canonicalQuantity(value);
  yield invalidValue(field, shown, `${shown} is not positive integer multiple of ${name}`);
}

function asksForHugePagesOnly(limits: Quantities, requests: Quantities): boolean {
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  return names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory");
}

function* claimErrors(
  field: string,
  claims: NonNullable<ResourceRequirements["claims"]>,
  known: ReadonlySet<string>,
): FieldErrors {
  const seen = new Set<string>();
  for (const [index, { name = "", request = "" }] of (
    claims as { name?: string; request?: string }[]
  ).entries()) {
    const at = `${field}[${index}]`;
    if (name === "") {
      yield requiredValue(at);
      continue;
    }
    const key = request === "" ? name : `${name}/${request}`;
    const isWhole = request === "" && [...seen].some((other) => other.startsWith(`${name}/`));
    if (seen.has(name)) {
      yield duplicateValue(at, name);
    } else {
      if (request !== "") yield* invalidBecause(`${at}.request`, request, dns1123Label(request));
      if (seen.has(key) || isWhole) yield duplicateValue(at, key);
      seen.add(key);
    }
    if (known.has(name)) continue;
    const names = known.size === 0 ? " which is empty" : `: ${[...known].toSorted().join(", ")}`;
    yield notFoundValue(at, name, `must be one of the names in pod.spec.resourceClaims${names}`);
  }
}

/** What is wrong with the name of something that a container can ask for. */
export function* containerResourceNameErrors(field: string, name: string): FieldErrors {
  yield* resourceNameErrors(field, name);
  if (!name.includes("/")) {
    if (!containerResources.has(name) && !isHugePages(name))
      yield invalidValue(field, name, "must be a standard resource for containers");
  } else if (!isNative(name) && !isExtended(name)) {
    yield invalidValue(field, name, "doesn't follow extended resource name standard");
  }
}

function* podResourceNameErrors(field: string, name: string): FieldErrors {
  const errors = [...resourceNameErrors(field, name)];
  yield* errors;
  if (errors.length === 0 && name !== "cpu" && name !== "memory" && !isHugePages(name))
    yield unsupportedValue(field, name, ["cpu", "hugepages-", "memory"]);
}

/** What is wrong with the name of something that can be counted. */
export function* resourceNameErrors(field: string, name: string): FieldErrors {
  const reasons = qualifiedName(name);
  yield* invalidBecause(field, name, reasons);
  const isKnown = standardResources.has(name) || /^(requests\.)?hugepages-/.test(name);
  if (reasons.length === 0 && !name.includes("/") && !isKnown)
    yield invalidValue(field, name, "must be a standard resource type or fully qualified");
}

/** Whether a name is that of memory in large pages. */
export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** Whether a name is one of Kubernetes itself. */
export function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Whether a name is that of a device, say. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.") && qualifiedName(`requests.${name}`).length === 0;
}

const containerResources: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);

const countedResources: ReadonlySet<string> = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);

const standardResources: ReadonlySet<string> = new Set([
  ...containerResources,
  ...countedResources,
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
  "storage",
  "requests.storage",
]);
