import type { Pod, Service } from "../../../object.ts";
import { matchesLabelSelector, type Labels } from "../../../selectors/matches-label-selector.ts";

/** Whether a Service selects what has these labels in its namespace. A Service without a selector selects nothing. */
export function serviceSelects(service: Service, labels: Labels): boolean {
  const matchLabels = service.spec.selector ?? {};
  return Object.keys(matchLabels).length > 0 && matchesLabelSelector({ matchLabels }, labels);
}

/** Whether a Service selects a pod. */
export function serviceSelectsPod(service: Service, { metadata }: Pod): boolean {
  return metadata.namespace === service.metadata.namespace && serviceSelects(service, metadata.labels);
}
