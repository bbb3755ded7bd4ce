import type { Rule } from "../../rule.ts";
import { ingressWithoutTls } from "./ingress-without-tls/ingress-without-tls.ts";
import { loadBalancer } from "./load-balancer/load-balancer.ts";
import { noNetworkPolicy } from "./no-network-policy/no-network-policy.ts";
import { nodePort } from "./node-port/node-port.ts";

/** Rules about who can reach a pod. */
export const exposureRules: readonly Rule[] = [noNetworkPolicy, nodePort, loadBalancer, ingressWithoutTls];
