import assert from "node:assert/strict";
import { test } from "node:test";
import { decodingError } from "./decoding-error.ts";

const ofPod = (spec: unknown, metadata: unknown = { name: "one" }): string | undefined =>
  decodingError("v1", "Pod", { apiVersion: "v1", kind: "Pod", metadata, spec });

test("what can be decoded has no error, and neither has what is not known or null", () => {
  assert.equal(ofPod({ containers: [{ name: "one", image: "a" }] }), undefined);
  assert.equal(ofPod({ containers: null, volumes: [null], unknown: 1 }), undefined);
  assert.equal(decodingError("example.com/v1", "Thing", { spec: 1 }), undefined);
});

test("the first type that does not fit is told, with the innermost struct and the path to it", () => {
  assert.equal(
    ofPod({ containers: [{ name: 1, image: true }] }),
    "json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string",
  );
  assert.equal(
    ofPod([], { labels: { a: 1 } }),
    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
  );
  assert.equal(
    ofPod({ containers: {} }),
    "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
  );
});

test("an embedded struct has its name in the path", () => {
  assert.equal(
    ofPod({ volumes: [{ name: "a", configMap: { name: 1 } }] }),
    "json: cannot unmarshal number into Go struct field ConfigMapVolumeSource.spec.volumes.VolumeSource.configMap.LocalObjectReference.name of type string",
  );
});

test("an integer that does not fit its type is shown", () => {
  assert.match(
    ofPod({ priority: 2 ** 31 }) ?? "",
    /cannot unmarshal number 2147483648 into .* of type int32$/,
  );
  assert.match(
    ofPod({ activeDeadlineSeconds: 1.5 }) ?? "",
    /cannot unmarshal number 1.5 into .* of type int64$/,
  );
  assert.equal(ofPod({ activeDeadlineSeconds: 2 ** 31 }), undefined);
});

test("a type that decodes itself ends it, whatever was wrong before, and nothing after it counts", () => {
  const resources = { limits: { cpu: "much" } };
  assert.match(
    ofPod({ hostNetwork: "yes", containers: [{ name: "one", resources, tty: 1 }], priority: "x" }) ?? "",
    /^quantities must match the regular expression/,
  );
  const port = { httpGet: { port: false } };
  assert.match(
    ofPod({ hostNetwork: "yes", containers: [{ livenessProbe: port }] }) ?? "",
    /HTTPGetAction\.spec\.containers\.livenessProbe\.ProbeHandler\.httpGet\.port of type int32$/,
  );
});
