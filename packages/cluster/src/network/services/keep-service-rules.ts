import type { Informer } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import type { Node, Service } from "@seaworthy/kube";
import { keepRules, type KeptRules } from "../../kernel-network/keep-rules.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { serviceRange } from "../../kernel-network/ranges.ts";
import type { EndpointView } from "../endpoints/endpoint-view.ts";
import { nodePlace } from "../pods/node-place.ts";
import { seeEach } from "../pods/see-each.ts";
import { serviceRules, type ServiceRules } from "./service-rules.ts";

/** Keeps the rules for Services: they are written whenever the view learns something, as late as the view is. */
export function keepServiceRules(options: {
  readonly services: Informer<Service>;
  readonly nodes: Informer<Node>;
  readonly view: EndpointView;
  readonly network: KernelNetwork;
  readonly onProblem: (error: SeaworthyError) => void;
}): KeptRules {
  const { services, nodes, view, network, onProblem } = options;
  let known: readonly Service[] = services.list();
  const endpointsOf = (service: string) => view.get(service);
  const places = seeEach(nodes, nodePlace);
  return keepRules<ServiceRules>({
    make: (inForce) =>
      serviceRules({ services: known, endpointsOf, serviceRange, nodes: places.values() }, inForce),
    watch(changed) {
      view.onChange(changed);
      return [
        services.onChange(() =>
          view.reload(() => {
            known = services.list();
            changed();
          }),
        ),
        places.onChange(changed),
      ];
    },
    network,
    onProblem,
  });
}
