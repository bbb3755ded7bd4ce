import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "@seaworthy/kube";
import { hostPortRules, hostPortsOf } from "./host-port-rules.ts";

function pod(ports: NonNullable<Container["ports"]>, more: { spec?: object; status?: object } = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default" },
    spec: { containers: [{ name: "app", image: "web", ports }], ...more.spec },
    status: { podIP: "10.244.1.2", hostIP: "10.245.0.1", phase: "Running", ...more.status },
  };
}

test("a hostPort is one of the node's address, or of the hostIP that is asked for", () => {
  const found = hostPortsOf(
    pod([
      { containerPort: 8080, hostPort: 80 },
      { containerPort: 53, hostPort: 53, protocol: "UDP", hostIP: "0.0.0.0" },
      { containerPort: 9090, hostPort: 90, hostIP: "10.245.0.9" },
      { containerPort: 9091, hostPort: 91, hostIP: "127.0.0.1" },
      { containerPort: 9092 },
    ]),
  );
  assert.deepEqual(
    found.map(({ nodeIp, nodePort, protocol, podPort }) => `${protocol} ${nodeIp}:${nodePort}→${podPort}`),
    ["tcp 10.245.0.1:80→8080", "udp 10.245.0.1:53→53", "tcp 10.245.0.9:90→9090"],
  );
});

test("a pod without an address of its own, or that has ended, takes none", () => {
  const ports = [{ containerPort: 8080, hostPort: 80 }];
  assert.deepEqual(hostPortsOf(pod(ports, { spec: { hostNetwork: true } })), []);
  assert.deepEqual(hostPortsOf(pod(ports, { status: { phase: "Succeeded" } })), []);
  assert.deepEqual(hostPortsOf(pod(ports, { status: { podIP: undefined } })), []);
});

test("connections of pods and of nodes are led there, and without a port there is no rule", () => {
  const { text } = hostPortRules(hostPortsOf(pod([{ containerPort: 8080, hostPort: 80 }])));
  assert.equal(text.match(/ip daddr 10\.245\.0\.1 tcp dport 80 dnat to 10\.244\.1\.2:8080\n/g)?.length, 2);
  assert.equal(hostPortRules([]).text.includes("chain"), false);
});
