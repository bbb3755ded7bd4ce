import type { Informer } from "@seaworthy/client";
import type { Service } from "@seaworthy/kube";
import type { Random } from "../../../random.ts";
import type { EndpointState } from "../../endpoints/endpoint-state.ts";
import type { EndpointView } from "../../endpoints/endpoint-view.ts";
import type { EdgeRoute, Mirror, ServiceBackend, WeightedBackend } from "../edge-route.ts";

/** Chooses pods for the edge's proxy. */
export interface EdgeRouter {
  /** Draws by their weights which of the route's backends a request goes to; undefined when all of them are 0. */
  draw(route: EdgeRoute): WeightedBackend | undefined;
  /** The next ready pod of a backend, as one worker believes; undefined when there is none. */
  next(
    backend: ServiceBackend,
    worker: number,
    /** Where one is like that, it is taken out of turn. */
    isPreferred?: (endpoint: EndpointState) => boolean,
  ): EndpointState | undefined;
  /** Draws who gets a copy of a request. */
  mirrorsOf(route: EdgeRoute): readonly Mirror[];
}

/** Round robin over ready endpoints, per worker and per Service port, from a random start (lua-resty-balancer). */
export function createEdgeRouter(options: {
  readonly services: Informer<Service>;
  readonly view: EndpointView;
  readonly random: Random;
}): EdgeRouter {
  const { services, view, random } = options;
  const turns = new Map<string, number>();
  // A view gives another list when it has learnt something.
  const ready = new WeakMap<readonly EndpointState[], Map<string, readonly EndpointState[]>>();
  const readyOf = (all: readonly EndpointState[], portName: string): readonly EndpointState[] => {
    const known = ready.get(all) ?? new Map<string, readonly EndpointState[]>();
    ready.set(all, known);
    const found = known.get(portName) ?? all.filter((each) => each.ready && each.portName === portName);
    known.set(portName, found);
    return found;
  };
  return {
    draw: ({ backends }) => drawByWeight(backends, random),
    mirrorsOf: ({ mirrors = [] }) => mirrors.filter(({ share }) => share >= 1 || random() < share),
    next(backend, worker, isPreferred) {
      const service = services.get(backend.namespace, backend.service);
      const port = service?.spec.ports
        ?.filter(({ protocol = "TCP" }) => protocol === "TCP")
        .find(({ port, name }) => port === backend.port || name === backend.port);
      if (port === undefined) return undefined;
      const all = view.get(`${backend.namespace}/${backend.service}`, worker);
      const choice = readyOf(all, port.name ?? "");
      if (choice.length === 0) return undefined;
      const preferred = isPreferred && choice.find((endpoint) => isPreferred(endpoint));
      if (preferred !== undefined) return preferred;
      const key = `${worker} ${backend.namespace}/${backend.service}:${port.port}`;
      const turn = turns.get(key) ?? Math.floor(random() * choice.length);
      turns.set(key, turn + 1);
      return choice[turn % choice.length];
    },
  };
}

function drawByWeight(backends: readonly WeightedBackend[], random: Random): WeightedBackend | undefined {
  const [first, ...more] = backends;
  if (more.length === 0) return first !== undefined && first.weight > 0 ? first : undefined;
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  return backends.find(({ weight }) => (left -= weight) < 0);
}
