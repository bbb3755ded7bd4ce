import type { KubeObject, Pod, PriorityClass } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";

const collection = "scheduling.k8s.io/priorityclasses";

/**
 * The admission plugin Priority: a pod has the priority of its PriorityClass, or of the one that is the default, and cannot
 * have another.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/priority/admission.go
 */
export function admitPriority({ metadata, spec }: Pod, context: ApiContext): void {
  const refuse = (why: string): never => {
    throw forbidden({ group: "", plural: "pods", kind: "Pod" }, metadata.name, why);
  };
  const { priorityClassName: name = "" } = spec;
  const found = name === "" ? defaultClass(context) : context.store.get(collection, name)?.object;
  if (name !== "" && found === undefined) refuse(`no PriorityClass with name ${name} was found`);
  const { value, preemptionPolicy = "PreemptLowerPriority" } = (found ?? noClass) as PriorityClass;
  const mustNot = (what: string, computed: string | number): never =>
    refuse(
      `the ${what} must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`,
    );
  if (spec.priority !== undefined && spec.priority !== value)
    mustNot(`integer value of priority (${spec.priority})`, value);
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy)
    mustNot(`string value of PreemptionPolicy (${spec.preemptionPolicy})`, preemptionPolicy);
  if (found !== undefined) spec.priorityClassName = found.metadata.name;
  Object.assign(spec, { priority: value, preemptionPolicy });
}

/** Refuses a second PriorityClass that would be the default. */
export function admitDefaultPriority(draft: KubeObject, context: ApiContext, isNew: boolean): void {
  const { metadata, globalDefault } = draft as PriorityClass;
  if (globalDefault !== true) return;
  const other = defaultClass(context)?.metadata.name;
  if (other === undefined || (!isNew && other === metadata.name)) return;
  const why = `PriorityClass ${other} is already marked as default. Only one default can exist`;
  throw forbidden(
    { group: "scheduling.k8s.io", plural: "priorityclasses", kind: "PriorityClass" },
    metadata.name,
    why,
  );
}

const noClass = { value: 0 };

/** Of several, which two API servers at once may have let in, the one with the least value. */
function defaultClass({ store }: ApiContext): PriorityClass | undefined {
  const defaults = store
    .list(collection)
    .map(({ object }) => object as unknown as PriorityClass)
    .filter(({ globalDefault }) => globalDefault === true);
  return defaults.toSorted((left, right) => left.value - right.value)[0];
}
