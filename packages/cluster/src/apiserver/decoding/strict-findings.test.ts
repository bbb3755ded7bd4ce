import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes } from "@seaworthy/kube";
import { deployment, startApi, type Fixture } from "../testing/start-api.ts";

const path = "/apis/apps/v1/namespaces/default/deployments";

async function send(
  api: Fixture,
  method: "POST" | "PATCH",
  where: string,
  body: string,
  fieldValidation: string,
  mediaType = "application/json",
): Promise<[number, string]> {
  const answer = await api.transport({
    method,
    path: where,
    query: new URLSearchParams({ dryRun: "All", fieldValidation }),
    headers: { "content-type": mediaType },
    body,
  });
  const { message } = JSON.parse(String(answer.body)) as { message?: string };
  return [answer.status, message ?? answer.headers["warning"] ?? ""];
}

/** A Deployment with more text in its spec. */
const withText = (text: string) => JSON.stringify(deployment()).replace(/\}\}$/, `,${text}}}`);
const replicas = '"foo":1,"replicas":3,"foo":{"a":1,"a":2},"bar":2';

test("unknown and repeated fields are told in the order in which they stand, each once", async () => {
  const api = await startApi();
  const texts = ['unknown field "spec.foo"', 'duplicate field "spec.replicas"', 'unknown field "spec.bar"'];
  assert.deepEqual(await send(api, "POST", path, withText(replicas), "Strict"), [
    400,
    `Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ${texts.join(", ")}`,
  ]);
  const warnings = texts.map((text) => `299 - ${JSON.stringify(text)}`).join(", ");
  assert.deepEqual(await send(api, "POST", path, withText(replicas), "Warn"), [201, warnings]);
  assert.deepEqual(await send(api, "POST", path, withText(replicas), "Ignore"), [201, ""]);
  assert.deepEqual(await send(api, "POST", path, withText('"replicas":3'), "Ignore"), [201, ""]);
});

test("of a patch its own repetitions are told first, then what its object has too many", async () => {
  const api = await startApi();
  await api.client.create(resourceTypes.deployments, deployment());
  const patch = (body: string, type: string, validation = "Strict") =>
    send(api, "PATCH", `${path}/web`, body, validation, `application/${type}+json`);
  const merge = '{"spec":{"z":1,"paused":true,"b":[1,"x",null],"paused":false}}';
  const texts = ['duplicate field "spec.paused"', 'unknown field "spec.b"', 'unknown field "spec.z"'];
  assert.deepEqual(await patch(merge, "strategic-merge-patch"), [
    422,
    ` "" is invalid: patch: Invalid value: "map[spec:map[b:[1 x <nil>] paused:false z:1]]": strict decoding error: ${texts.join(", ")}`,
  ]);
  const [code, message] = await patch(merge, "merge-patch");
  assert.equal(code, 422);
  assert.ok(message.endsWith(`strict decoding error: ${texts.join(", ")}`), message);
  const warnings = texts.map((text) => `299 - ${JSON.stringify(text)}`).join(", ");
  assert.deepEqual(await patch(merge, "merge-patch", "Warn"), [200, warnings]);
  const operations = '[{"op":"add","path":"/spec/x","path":"/spec/paused","value":true}]';
  assert.deepEqual(await patch(operations, "json-patch", "Warn"), [
    200,
    String.raw`299 - "json patch duplicate field \"[0].path\""`,
  ]);
});

test("of YAML its reader tells the lines", async () => {
  const api = await startApi();
  const yaml =
    "kind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: one\n  a: two\n  b: two\n  b: two\nfoo: 1\n";
  const create = (validation: string) =>
    send(api, "POST", "/api/v1/namespaces/default/configmaps", yaml, validation, "application/yaml");
  const [code, message] = await create("Strict");
  assert.equal(code, 400);
  assert.match(
    message,
    /strict decoding error: yaml: unmarshal errors:\n {2}line 5: key "a" already set in map\n {2}line 7: key "b" already set in map, unknown field "foo"$/,
  );
  const [made, warnings] = await create("Warn");
  assert.equal(made, 201);
  assert.equal(warnings.split(", 299 - ").length, 3);
});
