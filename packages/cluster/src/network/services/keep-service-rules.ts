import type { Informer } from "@seaworthy/client";
import type { SeaworthyError } from "@seaworthy/errors";
import type { Service } from "@seaworthy/kube";
import { keepRules, type KeptRules } from "../../kernel-network/keep-rules.ts";
import type { KernelNetwork } from "../../kernel-network/kernel-network.ts";
import { serviceRange } from "../../kernel-network/ranges.ts";
import type { EndpointView } from "../endpoints/endpoint-view.ts";
import { serviceRules, type ServiceRules } from "./service-rules.ts";

/** Keeps the rules for Services: they are written whenever the view learns something, as late as the view is. */
export function keepServiceRules(options: {
  readonly services: Informer<Service>;
  readonly view: EndpointView;
  readonly network: KernelNetwork;
  readonly onProblem: (error: SeaworthyError) => void;
}): KeptRules {
  const { services, view, network, onProblem } = options;
  let known: readonly Service[] = services.list();
  const endpointsOf = (service: string) => view.get(service);
  const rules = keepRules<ServiceRules>({
    make: (inForce) => serviceRules({ services: known, endpointsOf, serviceRange }, inForce),
    network,
    onProblem,
  });
  view.onChange(() => rules.changed());
  const unsubscribe = services.onChange(() =>
    view.reload(() => {
      known = services.list();
      rules.changed();
    }),
  );
  return {
    ...rules,
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await rules[Symbol.asyncDispose]();
    },
  };
}
