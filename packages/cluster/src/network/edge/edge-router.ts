import type { Informer } from "@seaworthy/client";
import type { Service } from "@seaworthy/kube";
import type { Random } from "../../random.ts";
import type { EndpointState } from "../endpoints/endpoint-state.ts";
import type { EndpointView } from "../endpoints/endpoint-view.ts";
import type { Route } from "./ingress-rules.ts";

/** Chooses pods for the ingress proxy. */
export interface EdgeRouter {
  /** The next ready pod of a route, as one worker believes; undefined when there is none. */
  next(route: Route, worker: number): EndpointState | undefined;
}

/** Round robin over ready endpoints, per worker and per Service port, from a random start (lua-resty-balancer). */
export function createEdgeRouter(options: {
  readonly services: Informer<Service>;
  readonly view: EndpointView;
  readonly random: Random;
}): EdgeRouter {
  const { services, view, random } = options;
  const turns = new Map<string, number>();
  return {
    next(route, worker) {
      const service = services.get(route.namespace, route.service);
      const port = service?.spec.ports
        ?.filter(({ protocol = "TCP" }) => protocol === "TCP")
        .find(({ port, name }) => port === route.port || name === route.port);
      if (port === undefined) return undefined;
      const portName = port.name ?? "";
      const ready = view
        .get(`${route.namespace}/${route.service}`, worker)
        .filter((endpoint) => endpoint.ready && endpoint.portName === portName);
      if (ready.length === 0) return undefined;
      const key = `${worker} ${route.namespace}/${route.service}:${port.port}`;
      const turn = turns.get(key) ?? Math.floor(random() * ready.length);
      turns.set(key, turn + 1);
      return ready[turn % ready.length];
    },
  };
}
