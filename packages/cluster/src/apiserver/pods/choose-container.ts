import type { Pod } from "@seaworthy/kube";
import { badRequest } from "../http/status-error.ts";

/**
 * The container that a client means; the only one when it names none. 400 when there is no such container, or the choice is
 * the client's. validateContainer of https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/strategy.go
 */
export function chooseContainer({ metadata, spec }: Pod, asked: string): string {
  const names = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...((spec["ephemeralContainers"] ?? []) as { readonly name: string }[]),
  ].map(({ name }) => name);
  if (asked !== "") {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
  }
  const [only, second] = spec.containers;
  if (only !== undefined && second === undefined) return only.name;
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(" ")}]`,
  );
}
