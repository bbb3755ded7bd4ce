import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { resolvConf } from "./resolv-conf.ts";

const pod = (spec: Partial<Pod["spec"]>): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop" },
  spec: { containers: [], ...spec },
});

test("a pod looks names up in its namespace first", () => {
  assert.equal(
    resolvConf(pod({})),
    "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
  );
});

test("a pod in its node's network looks names up there first only if it asks for that", () => {
  const hostNetwork = true;
  assert.equal(resolvConf(pod({ hostNetwork })), "nameserver 10.96.0.10\n");
  assert.match(resolvConf(pod({ hostNetwork, dnsPolicy: "ClusterFirstWithHostNet" })), /^search shop\.svc/);
});

test("a pod's own settings are added, and stand alone with the policy None", () => {
  const dnsConfig = {
    nameservers: ["192.0.2.1"],
    searches: ["example.org"],
    options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
  };
  assert.equal(
    resolvConf(pod({ dnsConfig })),
    "search shop.svc.cluster.local svc.cluster.local cluster.local example.org\n" +
      "nameserver 10.96.0.10\nnameserver 192.0.2.1\noptions ndots:2 edns0\n",
  );
  assert.equal(
    resolvConf(pod({ dnsPolicy: "None", dnsConfig })),
    "search example.org\nnameserver 192.0.2.1\noptions ndots:2 edns0\n",
  );
});
