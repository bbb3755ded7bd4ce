import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, type Status } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import { parseManifests } from "@seaworthy/kube";
import { refusalErrors } from "./refusal-errors.ts";

const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    tier: front end
spec:
  template:
    metadata:
      labels: { app: web, version: "1.2 beta" }
    spec:
      containers:
        - name: web
          image: web:1
          ports:
            - name: http-web-service
              containerPort: 80
          volumeMounts:
            - { name: a, mountPath: /a, subPath: ../b }
---
apiVersion: v1
kind: Secret
metadata:
  name: keys
stringData:
  my key: x
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: none
  loadBalancerSourceRanges: [10.0.0.1]
  ports: [{ port: 80 }]
`;
const manifests = parseManifests("app.yaml", text);

type Causes = NonNullable<NonNullable<Status["details"]>["causes"]>;

function placesOf(index: number, causes: Causes): string[] {
  const manifest = manifests[index];
  assert.ok(manifest !== undefined);
  const status: Status = { message: "it is invalid", reason: "Invalid", details: { causes } };
  const error = refusalErrors(new ApiError(status, 422, "POST /things"), manifest);
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => {
    assert.ok(each instanceof SeaworthyError);
    const { place } = each.details;
    return `${place?.line ?? 0}:${place?.column ?? 0} ${each.message}`;
  });
}

const places: readonly (readonly [
  what: string,
  index: number,
  field: string,
  message: string,
  place: string,
])[] = [
  ["an item of a list", 0, "spec.template.spec.containers[0].ports[0].name", "Invalid value", "16:21"],
  [
    "a field that is not written: its nearest ancestor",
    0,
    "spec.strategy.rollingUpdate.maxSurge",
    "Invalid value",
    "7:1",
  ],
  [
    "the entry of a map by its value",
    0,
    "metadata.labels",
    'Invalid value: "front end": a valid label',
    "6:11",
  ],
  [
    "a template's labels, which Kubernetes names otherwise",
    0,
    "spec.template.labels",
    'Invalid value: "1.2 beta": no',
    "10:36",
  ],
  [
    "a list where Kubernetes leaves the index out",
    0,
    "spec.template.spec.containers[0].volumeMounts.subPath",
    "Invalid value",
    "18:11",
  ],
  [
    "a key of data that was written as stringData",
    1,
    "data[my key]",
    'Invalid value: "my key": a valid config key',
    "26:11",
  ],
  [
    "the address that became a list",
    2,
    "spec.clusterIPs[0]",
    'Invalid value: "none": must be valid',
    "33:14",
  ],
  [
    "a field with a capital of Kubernetes' own",
    2,
    "spec.LoadBalancerSourceRanges[0]",
    "Invalid value",
    "34:30",
  ],
  ["no field at all", 2, "", "Too long", "28:1"],
];

for (const [what, index, field, message, place] of places) {
  test(`a refusal is shown at ${what}`, () => {
    assert.deepEqual(placesOf(index, [{ field, message }]), [
      `${place} the Kubernetes API refused ${["Deployment web", "Secret keys", "Service web"][index] ?? ""}: ${field}: ${message}`,
    ]);
  });
}

test("each cause is told once, and a refusal without causes is told in its own words", () => {
  const field = "spec.ports[0].port";
  const causes = [
    { field, message: "Invalid value: 0" },
    { field, message: "Invalid value: 0" },
    { field: "spec.type", message: "Unsupported value" },
  ];
  assert.equal(placesOf(2, causes).length, 2);
  assert.deepEqual(placesOf(2, []), ["28:1 the Kubernetes API refused Service web: it is invalid"]);
});
