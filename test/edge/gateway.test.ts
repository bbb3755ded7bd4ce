import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { httpserverRun, tryHttpserver } from "./try-httpserver.ts";

const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
spec:
  gatewayClassName: envoy
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      hostname: "*.localhost"
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: httpserver
spec:
  parentRefs:
    - name: edge
  hostnames: [httpserver.localhost]
  rules:
    - backendRefs:
        - name: httpserver
          port: 80
`;

test("a trial goes through a Gateway whose kinds nobody has defined, and loses nothing", async () => {
  const replaceIngress = async (folder: string) => {
    await rm(join(folder, "ingress.yaml"));
    await writeFile(join(folder, "gateway.yaml"), gateway);
  };
  const { url, stderr } = await tryHttpserver(replaceIngress, "--run", httpserverRun, "--profile", "envoy");
  assert.match(url, /httpserver\.localhost/);
  assert.match(stderr, /the Gateway API is served here/);
});
