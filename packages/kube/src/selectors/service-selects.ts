import type { Service } from "../object.ts";
import { matchesLabelSelector, type Labels } from "./matches-label-selector.ts";

/** Whether a Service selects what has these labels in its namespace. A Service without a selector selects nothing. */
export function serviceSelects(service: Service, labels: Labels): boolean {
  const matchLabels = service.spec.selector ?? {};
  return Object.keys(matchLabels).length > 0 && matchesLabelSelector({ matchLabels }, labels);
}
