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
      { containerPort: 9093, hostPort: 93, hostIP: "::1" },
    ]),
  );
  assert.deepEqual(
    found?.map(({ nodeIp, nodePort, protocol, podPort }) => `${protocol} ${nodeIp}:${nodePort}→${podPort}`),
    ["tcp 10.245.0.1:80→8080", "udp 10.245.0.1:53→53", "tcp 10.245.0.9:90→9090", "tcp 127.0.0.1:91→9091"],
  );
});

test("a pod without an address of its own, or that has ended, takes none", () => {
  const ports = [{ containerPort: 8080, hostPort: 80 }];
  assert.deepEqual(hostPortsOf(pod(ports, { spec: { hostNetwork: true } })), undefined);
  assert.deepEqual(hostPortsOf(pod(ports, { status: { phase: "Succeeded" } })), undefined);
  assert.deepEqual(hostPortsOf(pod(ports, { status: { podIP: undefined } })), undefined);
});

test("connections of pods and of nodes are led there, and without a port there is no rule", () => {
  const { text } = hostPortRules(hostPortsOf(pod([{ containerPort: 8080, hostPort: 80 }])) ?? []);
  assert.equal(text.match(/ip daddr 10\.245\.0\.1 tcp dport 80 dnat to 10\.244\.1\.2:8080\n/g)?.length, 2);
  assert.equal(hostPortRules([]).text.includes("chain"), false);
});

test("a port of the loopback is told from the same port of the node, and only the node itself is led there", () => {
  const [pod1, pod2] = [
    pod([{ containerPort: 8080, hostPort: 80, hostIP: "127.0.0.1" }]),
    pod([{ containerPort: 8080, hostPort: 80, hostIP: "10.245.0.1" }], { status: { podIP: "10.244.1.3" } }),
  ];
  const { text } = hostPortRules([pod1, pod2].flatMap((each) => hostPortsOf(each) ?? []));
  const loopback = "ip daddr 127.0.0.1 tcp dport 80 ";
  assert.equal(text.split(`${loopback}dnat to 10.244.1.2:8080`).length - 1, 1);
  assert.equal(text.split(`  ${loopback}meta mark set`).length - 1, 1);
  assert.equal(text.split("ip daddr 10.245.0.1 tcp dport 80 dnat to 10.244.1.3:8080").length - 1, 2);
  assert.ok(text.indexOf(loopback) > text.indexOf("hook output"));
});
