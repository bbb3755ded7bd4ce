import type { Rule } from "../../rule.ts";
import { hostCollision } from "./host-collision/host-collision.ts";
import { ingressNoClass } from "./ingress-no-class/ingress-no-class.ts";
import { ingressRegex } from "./ingress-regex/ingress-regex.ts";
import { listenerWithoutCertificate } from "./listener-without-certificate/listener-without-certificate.ts";
import { meshPortProtocol } from "./mesh-port-protocol/mesh-port-protocol.ts";
import { nginxSnippet } from "./nginx-snippet/nginx-snippet.ts";
import { policyBlocksDns } from "./policy-blocks-dns/policy-blocks-dns.ts";
import { policyBlocksEdge } from "./policy-blocks-edge/policy-blocks-edge.ts";
import { policyBlocksPrometheus } from "./policy-blocks-prometheus/policy-blocks-prometheus.ts";
import { policyPeerMissing } from "./policy-peer-missing/policy-peer-missing.ts";
import { policyServicePort } from "./policy-service-port/policy-service-port.ts";
import { retiredIngressNginx } from "./retired-ingress-nginx/retired-ingress-nginx.ts";
import { routeHostname } from "./route-hostname/route-hostname.ts";
import { routeParent } from "./route-parent/route-parent.ts";
import { routeWithoutGrant } from "./route-without-grant/route-without-grant.ts";
import { tlsHostUncovered } from "./tls-host-uncovered/tls-host-uncovered.ts";
import { tlsSecretMissing } from "./tls-secret-missing/tls-secret-missing.ts";

/** Rules about what may reach what, and by which name. */
export const networkRules: readonly Rule[] = [
  policyBlocksDns,
  policyBlocksEdge,
  policyServicePort,
  ingressRegex,
  ingressNoClass,
  tlsSecretMissing,
  tlsHostUncovered,
  nginxSnippet,
  retiredIngressNginx,
  hostCollision,
  routeParent,
  routeHostname,
  routeWithoutGrant,
  listenerWithoutCertificate,
  meshPortProtocol,
  policyPeerMissing,
  policyBlocksPrometheus,
];
