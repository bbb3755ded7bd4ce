import { containerdPace, instantPace, type NodePace } from "./node-pace.ts";
import type { Propagation } from "./network/endpoints/propagation.ts";
import {
  cloudBehavior,
  envoyBehavior,
  nginxBehavior,
  traefikBehavior,
  type ProxyBehavior,
} from "./network/edge/proxy-behavior.ts";

/** The data planes that the embedded cluster can have. */
export type ProfileName = "instant" | "ingress-nginx" | "envoy" | "traefik" | "cloud-lb";

/** How fast nodes start and end pods, how fast the data plane learns of it, and how its ingress proxy behaves. */
export interface Profile {
  readonly name: ProfileName;
  readonly node: NodePace;
  /** How Services (ClusterIP, NodePort) learn of endpoints. */
  readonly service: Propagation;
  /** How the ingress proxy learns of endpoints and rules. */
  readonly edge: Propagation;
  readonly proxy: ProxyBehavior;
}

/**
 * kube-proxy: at least minSyncPeriod (default 1 s) between two syncs (pkg/proxy/runner/bounded_frequency_runner.go).
 * Releases before 1.34 also allowed a burst of 2; the present one does not, and only so the model does what a
 * v1.36 cluster did: connections went on failing for a median of 0.5 s and at most 0.9 s after a deletion.
 */
const kubeProxy: Propagation = { kind: "batched", ratePerSecond: 1, burst: 1 };

/** Every profile by its name. Delays are seeded: the same seed gives the same run. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  // For tests of other things: nothing is late, nothing is retried.
  instant: {
    name: "instant",
    node: instantPace,
    service: { kind: "instant" },
    edge: { kind: "instant" },
    proxy: envoyBehavior,
  },
  // The most deployed controller. Every sync takes a token (--sync-rate-limit 0.3, burst 1: controller.go), and each
  // worker polls the result each second (balancer.lua BACKENDS_SYNC_INTERVAL): 0 to 4.3 s, in a rollout mostly above 3.3 s.
  "ingress-nginx": {
    name: "ingress-nginx",
    node: containerdPace,
    service: kubeProxy,
    edge: { kind: "batched", ratePerSecond: 0.3, burst: 1, pollMs: 1000 },
    proxy: nginxBehavior,
  },
  // Contour with Envoy 1.40 on a v1.36 cluster: 47 failures in 12 deletions at 500 requests/s, all 503, median 21 ms
  // and p95 63 ms after the deletion was seen.
  envoy: {
    name: "envoy",
    node: containerdPace,
    service: kubeProxy,
    edge: { kind: "streamed", minMs: 15, maxMs: 60 },
    proxy: envoyBehavior,
  },
  // providersThrottleDuration, default 2 s (Traefik reference, static configuration).
  traefik: {
    name: "traefik",
    node: containerdPace,
    service: kubeProxy,
    edge: { kind: "batched", ratePerSecond: 0.5, burst: 1 },
    proxy: traefikBehavior,
  },
  // Targets leave after 10 to 40 s: people need preStop hooks of 25 to 60 s (aws-load-balancer-controller#1064, #1719),
  // about 40 s on Azure (application-gateway-kubernetes-ingress#75). The delay of additions is an estimate.
  "cloud-lb": {
    name: "cloud-lb",
    node: containerdPace,
    service: kubeProxy,
    edge: { kind: "per-endpoint", addMs: [1000, 3000], removeMs: [10_000, 40_000] },
    proxy: cloudBehavior,
  },
};
