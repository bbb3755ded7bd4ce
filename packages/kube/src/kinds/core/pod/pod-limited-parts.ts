import type { Container, Pod } from "../../../object.ts";
import type { LimitedPart } from "../../../quota/limited-part.ts";
import { podResourceLists } from "./pod-resource-lists.ts";

/** What of a pod a LimitRange may set bounds to: each container, and the pod in all. */
export function podLimitedParts(pod: Pod): LimitedPart[] {
  const { containers, initContainers = [] } = pod.spec;
  const inAll = podResourceLists(pod, { withOverhead: false });
  return [...[...containers, ...initContainers].map(ofContainer), { type: "Pod", ...inAll }];
}

function ofContainer({ resources }: Container): LimitedPart {
  return { type: "Container", requests: resources?.requests ?? {}, limits: resources?.limits ?? {} };
}
