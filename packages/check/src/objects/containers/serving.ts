import { targetPortIn } from "@seaworthy/kube";
import type { ObjectSet } from "../object-set.ts";
import type { ContainerSource, PodSource } from "../pod-source.ts";
import { callingServicesOf } from "../network/calling-services.ts";

/**
 * The containers of a pod to which its Services send requests: those that declare the ports; where none does, those that
 * declare any, or the only one.
 */
export function servingContainers(pod: PodSource, set: ObjectSet): readonly ContainerSource[] {
  const services = callingServicesOf(pod, set);
  if (services.length === 0) return [];
  const ports = services.flatMap(({ object }) =>
    (object.spec.ports ?? []).map((port) => targetPortIn(pod.spec, port)),
  );
  const running = pod.containers.filter(({ role }) => role !== "init");
  const named = running.filter(({ container }) =>
    (container.ports ?? []).some(({ containerPort }) => ports.includes(containerPort)),
  );
  if (named.length > 0) return named;
  const main = pod.containers.filter(({ role }) => role === "main");
  const declaring = main.filter(({ container }) => (container.ports ?? []).length > 0);
  return declaring.length > 0 ? declaring : main.length === 1 ? main : [];
}
