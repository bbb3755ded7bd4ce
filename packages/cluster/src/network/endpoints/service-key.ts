import type { Service } from "@seaworthy/kube";

/** The key of a Service in an `EndpointView` and among `SlicesByService`. */
export function serviceKey({ metadata: { namespace = "default", name } }: Pick<Service, "metadata">): string {
  return `${namespace}/${name}`;
}
