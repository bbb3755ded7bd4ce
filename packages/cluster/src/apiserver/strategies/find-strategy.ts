import { deploymentStrategy, replicaSetStrategy } from "./deployment-strategy.ts";
import { eventStrategy } from "./event-strategy.ts";
import { namespaceStrategy } from "./namespace-strategy.ts";
import { nodeStrategy } from "./node-strategy.ts";
import { podStrategy } from "./pod-strategy.ts";
import { secretStrategy } from "./secret-strategy.ts";
import { serviceStrategy } from "./service-strategy.ts";
import type { Strategy } from "./strategy.ts";

/** The strategy of a type, by its plural. A type that is not listed is stored as it comes. */
export function findStrategy(plural: string): Strategy {
  return strategies[plural] ?? plain;
}

const plain: Strategy = { status: "none" };

const strategies: Readonly<Record<string, Strategy>> = {
  deployments: deploymentStrategy,
  endpoints: {
    status: "none",
    createOnUpdate: true,
    deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  },
  endpointslices: {
    status: "none",
    generationInputs: ({ metadata, addressType, endpoints, ports }) => [
      metadata.labels,
      addressType,
      endpoints,
      ports,
    ],
  },
  events: eventStrategy,
  ingressclasses: { status: "none", generationInputs: ({ spec }) => spec },
  ingresses: {
    status: "isolated",
    generationInputs: ({ spec }) => spec,
    // Kubernetes writes the empty struct out.
    prepareCreate(draft) {
      draft["status"] = { loadBalancer: {} };
      return [];
    },
  },
  leases: { status: "none", createOnUpdate: true, unconditionalUpdate: false },
  namespaces: namespaceStrategy,
  nodes: nodeStrategy,
  pods: podStrategy,
  replicasets: replicaSetStrategy,
  secrets: secretStrategy,
  services: serviceStrategy,
};
