import type { Pod } from "@seaworthy/kube";
import { forbidden } from "../http/status-error.ts";

/** The admission plugin Priority: what follows from a PriorityClass is filled in, and cannot be set beside it. */
export function admitPriority({ metadata, spec }: Pod): void {
  const { priorityClassName = "", priority = 0, preemptionPolicy = "PreemptLowerPriority" } = spec;
  // Classes are not looked up: what one would give is not known.
  if (priorityClassName === "") {
    const refuse = (what: string, computed: string): never => {
      const why = `the ${what} must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`;
      throw forbidden({ group: "", plural: "pods", kind: "Pod" }, metadata.name, why);
    };
    if (priority !== 0) refuse(`integer value of priority (${priority})`, "0");
    if (preemptionPolicy !== "PreemptLowerPriority")
      refuse(`string value of PreemptionPolicy (${preemptionPolicy})`, "PreemptLowerPriority");
  }
  spec.priority ??= 0;
  spec.preemptionPolicy ??= "PreemptLowerPriority";
}
