import type { EndpointSlice } from "@seaworthy/kube";
import { sliceLabels } from "./plan-endpoint-slices.ts";

/** The key of the Service that a slice is of, where this manager made it; none otherwise. */
export function servicesOf(
  { metadata: { namespace = "", labels } }: EndpointSlice,
  manager: string,
): string[] {
  const service = labels?.[sliceLabels.serviceName];
  return service === undefined || labels?.[sliceLabels.managedBy] !== manager
    ? []
    : [`${namespace}/${service}`];
}
