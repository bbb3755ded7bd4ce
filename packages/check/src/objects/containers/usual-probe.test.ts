import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests, type Service } from "@seaworthy/kube";
import { createObjectSet } from "../object-set.ts";
import { usualProbe } from "./usual-probe.ts";

const probeFor = (servicePort: string, containerPorts: string) => {
  const set = createObjectSet(
    parseManifests(
      "a.yaml",
      `
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { selector: { app: a }, ports: [{ ${servicePort} }] }
---
apiVersion: v1
kind: Pod
metadata: { name: a, labels: { app: a } }
spec: { containers: [{ name: a, image: a, ports: [${containerPorts}] }] }
`,
    ),
  );
  const [pod] = set.pods;
  return usualProbe(pod!.containers[0]!.container, pod!, set.of<Service>("Service"));
};

test("asks the port that the Service leads to, as what is spoken there", () => {
  const two = "{ containerPort: 9090, name: metrics }, { containerPort: 8080 }";
  assert.equal(
    probeFor("port: 80, targetPort: 8080", two),
    "{httpGet: {path: /readyz, port: 8080}, periodSeconds: 5}",
  );
  assert.equal(
    probeFor("name: https, port: 443, targetPort: 8443", "{ containerPort: 8443 }"),
    "{httpGet: {path: /readyz, port: 8443, scheme: HTTPS}, periodSeconds: 5}",
  );
  for (const name of ["name: grpc", "appProtocol: grpc", "name: api-grpc"])
    assert.equal(
      probeFor(`${name}, port: 7070`, "{ containerPort: 7070 }"),
      "{grpc: {port: 7070}, periodSeconds: 5}",
    );
});

test("asks a database whether it takes connections", () => {
  for (const port of ["port: 6379", "name: mongo, port: 27018", "name: tcp-queue, port: 9000"]) {
    const number = /port: (\d+)/.exec(port)![1]!;
    assert.equal(
      probeFor(port, `{ containerPort: ${number} }`),
      `{tcpSocket: {port: ${number}}, periodSeconds: 5}`,
    );
  }
});
