import { type Pod, qosClassOf } from "@seaworthy/kube";
import { forbidden } from "../http/status-error.ts";
import { dropDisabledFields } from "./disabled-fields.ts";
import type { Strategy } from "./strategy.ts";

/** Pods: born Pending, deleted with grace. */
export const podStrategy: Strategy = {
  status: "isolated",
  returnsDeleted: true,
  generationInputs: ({ spec }) => spec,
  prepareCreate(draft) {
    const pod = draft as Pod;
    dropDisabledFields(pod.spec);
    refuseOwnPriority(pod);
    admitPod(pod);
    pod.status = { phase: "Pending", qosClass: qosClassOf(pod) };
    return [];
  },
  prepareUpdate(draft, old) {
    const { spec } = draft as Pod;
    dropDisabledFields(spec);
    const { priority, preemptionPolicy } = (old as Pod).spec;
    if (priority !== undefined) spec.priority ??= priority;
    if (preemptionPolicy !== undefined) spec.preemptionPolicy ??= preemptionPolicy;
    addTolerations(spec);
    return [];
  },
  prepareStatus(draft, old) {
    const pod = draft as Pod;
    const before = old as Pod;
    if (before.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
    else pod.metadata.ownerReferences = before.metadata.ownerReferences;
    const qosClass = pod.status?.qosClass ?? before.status?.qosClass;
    if (qosClass !== undefined) pod.status = { ...pod.status, qosClass };
  },
  gracePeriodSeconds(object, asked) {
    const { spec, status } = object as Pod;
    if ((spec.nodeName ?? "") === "" || status?.phase === "Failed" || status?.phase === "Succeeded") return 0;
    const period = asked ?? spec.terminationGracePeriodSeconds ?? 0;
    return period < 0 ? 1 : period;
  },
  selectableFields(object) {
    const { spec, status } = object as Pod;
    return {
      "spec.nodeName": spec.nodeName,
      "spec.restartPolicy": spec.restartPolicy,
      "spec.schedulerName": spec.schedulerName,
      "spec.serviceAccountName": spec.serviceAccountName,
      "spec.hostNetwork": String(spec.hostNetwork ?? false),
      "status.phase": status?.phase,
      "status.podIP": status?.podIP,
      "status.nominatedNodeName": status?.nominatedNodeName,
    };
  },
};

/** The admission plugin Priority: what follows from a PriorityClass cannot be set beside it. */
function refuseOwnPriority({ metadata, spec }: Pod): void {
  const { priorityClassName = "", priority = 0, preemptionPolicy = "PreemptLowerPriority" } = spec;
  // Classes are not served here: what one would give is not known.
  if (priorityClassName !== "") return;
  const refuse = (what: string, computed: string): never => {
    const why = `the ${what} must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`;
    throw forbidden({ group: "", plural: "pods", kind: "Pod" }, metadata.name, why);
  };
  if (priority !== 0) refuse(`integer value of priority (${priority})`, "0");
  if (preemptionPolicy !== "PreemptLowerPriority")
    refuse(`string value of PreemptionPolicy (${preemptionPolicy})`, "PreemptLowerPriority");
}

/** What the admission plugins ServiceAccount, Priority and DefaultTolerationSeconds add to every new pod. */
function admitPod({ spec }: Pod): void {
  spec.serviceAccountName ??= "default";
  spec.serviceAccount ??= spec.serviceAccountName;
  spec.priority ??= 0;
  spec.preemptionPolicy ??= "PreemptLowerPriority";
  addTolerations(spec);
}

/** DefaultTolerationSeconds looks at changes, too, so that nobody takes its tolerations away. */
function addTolerations(spec: Pod["spec"]): void {
  const tolerations = [...(spec.tolerations ?? [])];
  for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
    const tolerated = tolerations.some(
      (toleration) =>
        (toleration.key === key || toleration.key === undefined) &&
        (toleration.effect === "NoExecute" || toleration.effect === undefined),
    );
    if (!tolerated)
      tolerations.push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
}
