import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { hostsFile } from "./hosts-file.ts";

const pod = (spec: Partial<Pod["spec"]>): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop" },
  spec: { containers: [], ...spec },
});

const local =
  "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" +
  "fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";

test("a pod's hosts are as the kubelet writes them, by its heading", () => {
  const place = { ip: "10.244.1.2", hostname: "web", hostNetwork: false };
  assert.equal(
    hostsFile(pod({}), place, true),
    `# Kubernetes-managed hosts file.\n${local}10.244.1.2\tweb\n`,
  );
  const hostAliases = [{ ip: "192.0.2.1", hostnames: ["a.example", "b.example"] }, { ip: "192.0.2.2" }];
  assert.equal(
    hostsFile(pod({ subdomain: "db", hostAliases }), place, true),
    `# Kubernetes-managed hosts file.\n${local}10.244.1.2\tweb.db.shop.svc.cluster.local\tweb\n` +
      "\n# Entries added by HostAliases.\n192.0.2.1\ta.example\tb.example\n192.0.2.2\n",
  );
});

test("a pod in its node's network has those of its node", () => {
  const place = { ip: "172.18.0.2", hostname: "node-1", hostNetwork: true };
  assert.equal(
    hostsFile(pod({ hostNetwork: true, subdomain: "db" }), place, true),
    `# Kubernetes-managed hosts file (host network).\n${local}172.18.0.2\tnode-1\n`,
  );
});

test("where no names are looked up, the API server's stand in the file", () => {
  const place = { ip: "10.244.1.2", hostname: "web", hostNetwork: false };
  assert.match(hostsFile(pod({}), place, false), /\n10\.96\.0\.1\tkubernetes\.default/);
});
