import { isSidecar } from "@seaworthy/kube";
import type { ContainerLifecycle } from "./container-lifecycle.ts";
import type { GracePeriod } from "./grace-period.ts";

/** Stops what runs of a pod: the containers together, then sidecars in reverse order (KEP-753). */
export async function stopContainers(
  init: readonly ContainerLifecycle[],
  main: readonly ContainerLifecycle[],
  grace: GracePeriod,
): Promise<void> {
  const sidecars = init.filter(({ container }) => isSidecar(container));
  const others = init.filter((container) => !sidecars.includes(container));
  let turn: Promise<unknown> = Promise.all([...main, ...others].map((container) => container.stop(grace)));
  const stops = [turn];
  for (const sidecar of sidecars.toReversed()) {
    const stopped = sidecar.stop(grace, turn);
    turn = Promise.all([turn, stopped]);
    stops.push(stopped);
  }
  await Promise.all(stops);
}
