import type { Container, LimitRange, Pod } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";

/**
 * The first half of the admission plugin LimitRanger: containers that say nothing of a resource get what the LimitRanges of their
 * namespace say.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/limitranger/admission.go
 */
export function addDefaultLimits(pod: Pod, { store }: ApiContext): void {
  for (const { object } of store.list("/limitranges", pod.metadata.namespace)) {
    const { requests, limits } = defaultsOf(object);
    const { containers, initContainers = [] } = pod.spec;
    const set = [
      ...containers.flatMap((each) => fill(each, "container", requests, limits)),
      ...initContainers.flatMap((each) => fill(each, "init container", requests, limits)),
    ];
    if (set.length === 0) continue;
    const annotation = `LimitRanger plugin set: ${set.join("; ")}`;
    pod.metadata.annotations = { ...pod.metadata.annotations, "kubernetes.io/limit-ranger": annotation };
  }
}

type Quantities = Readonly<Record<string, string>>;

function defaultsOf({ spec }: LimitRange): { requests: Quantities; limits: Quantities } {
  const items = (spec?.limits ?? []).filter(({ type }) => type === "Container");
  return {
    requests: Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest)) as Quantities,
    limits: Object.assign({}, ...items.map((item) => item["default"])) as Quantities,
  };
}

/** Fills in what a container does not say, and tells what that was. */
function fill(container: Container, what: string, requests: Quantities, limits: Quantities): string[] {
  const before = container.resources ?? {};
  const missing = (defaults: Quantities, given: Quantities = {}) =>
    Object.keys(defaults)
      .filter((name) => given[name] === undefined)
      .toSorted();
  const told: string[] = [];
  const set = (field: "requests" | "limits", noun: string, defaults: Quantities): void => {
    const names = missing(defaults, before[field]);
    if (names.length === 0) return;
    container.resources = { ...container.resources, [field]: { ...defaults, ...before[field] } };
    told.push(`${names.join(", ")} ${noun} for ${what} ${container.name}`);
  };
  set("requests", "request", requests);
  set("limits", "limit", limits);
  return told;
}
