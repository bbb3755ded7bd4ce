import type { Clock } from "../../clock.ts";
import type { EndpointView } from "./endpoint-view.ts";

/** A moment at which a part of the data plane began, or ceased, to take an address for a ready endpoint of a Service. */
export interface SeenEndpoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `services`: the rules for Services on the nodes; `edge`: any worker of what serves Ingresses and Gateways. */
  readonly by: "services" | "edge";
  /** `namespace/name`. */
  readonly service: string;
  readonly ip: string;
  readonly ready: boolean;
}

/**
 * Tells how what a view believes changes. The one that is given back has to be fed as the view is: it learns from that which
 * Services there are.
 */
export function tellOfView(
  view: EndpointView,
  {
    by,
    workers,
    clock,
    tell,
  }: {
    readonly by: SeenEndpoint["by"];
    readonly workers: number;
    readonly clock: Clock;
    readonly tell: (seen: SeenEndpoint) => void;
  },
): Pick<EndpointView, "update"> {
  const believed = new Map<string, Set<string>>();
  const look = (service: string, before: Set<string>) => {
    const now = new Set<string>();
    for (let worker = 0; worker < Math.max(1, workers); worker += 1)
      for (const { ip, ready } of view.get(service, worker)) if (ready) now.add(ip);
    believed.set(service, now);
    const at = clock.now();
    for (const ip of now.difference(before)) tell({ at, by, service, ip, ready: true });
    for (const ip of before.difference(now)) tell({ at, by, service, ip, ready: false });
  };
  view.onChange(() => {
    for (const [service, before] of believed) look(service, before);
  });
  return {
    update(service) {
      if (!believed.has(service)) look(service, new Set());
    },
  };
}
