import type { Pod } from "../../../object.ts";
import { hasPodEnded } from "./pod-state.ts";
import { podColumns } from "./pod-columns.ts";
import { defaultPod } from "./pod-defaults.ts";
import { podLimitedParts } from "./pod-limited-parts.ts";
import { podQuotaRules } from "./pod-quota-rules.ts";
import { podErrors, podUpdateErrors } from "./pod-errors.ts";
import { podWarnings } from "./pod-warnings.ts";
import { kind, type Kind } from "../../kind.ts";

/** Pods: deleted with grace. */
export const podKind: Kind = kind("", "v1", "Pod", "pods", "namespaced", {
  shortNames: ["po"],
  categories: ["all"],
  podTemplate: [],
  columns: podColumns,
  defaults: defaultPod,
  createErrors: podErrors,
  updateErrors: podUpdateErrors,
  warnings: (object, old) => (old === undefined ? podWarnings("", object) : []),
  quotaRules: podQuotaRules,
  limitedParts: (object) => podLimitedParts(object as Pod),
  storage: {
    status: "isolated",
    statusResetFields: ["spec", "metadata.deletionTimestamp", "metadata.ownerReferences"],
    returnsDeleted: true,
    generationInputs: ({ spec }) => spec,
    gracePeriodSeconds(object, asked) {
      const pod = object as Pod;
      if ((pod.spec.nodeName ?? "") === "" || hasPodEnded(pod)) return 0;
      const period = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
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
  },
});
