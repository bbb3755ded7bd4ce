import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request, type RequestOptions } from "node:https";
import { after, before, test } from "node:test";
import { readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { loadProtobuf, type JsonObject, type KubeObject, type ProtobufCodec } from "@seaworthy/kube";
import { startApi } from "../testing/start-api.ts";
import type { ListeningApi } from "./serve-api.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
const yaml = "application/yaml";
const configMaps = "/api/v1/namespaces/default/configmaps";
const boats = "/apis/example.com/v1/namespaces/default/boats";

let api: ListeningApi;
let connection: KubeconfigConnection;
let codec: ProtobufCodec;

before(async () => {
  api = await (await startApi({ startMs: Date.now() })).start();
  connection = await readKubeconfig({ text: api.kubeconfig });
  codec = await loadProtobuf();
  const versions = [
    { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
  ];
  const names = { plural: "boats", kind: "Boat" };
  await post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/json", {
    metadata: { name: "boats.example.com" },
    spec: { group: "example.com", scope: "Namespaced", names, versions },
  });
});
after(() => api[Symbol.asyncDispose]());

test("an object comes and goes as protobuf", async () => {
  const body = codec.encode({
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "a" },
    data: { a: "b" },
  });
  const created = await send(configMaps, { method: "POST", body: body!, type: protobuf, accept: protobuf });
  assert.deepEqual([created.status, created.type], [201, protobuf]);
  const object = decode(created.body) as KubeObject;
  assert.deepEqual(object["data"], { a: "b" });
  const read = await send(`${configMaps}/a`);
  assert.deepEqual(JSON.parse(read.body.toString()), object);
});

test("a list is one message, and kinds that are left out are those of the path", async () => {
  // `{metadata: {name: "pbx"}}` in an envelope without a kind, as Kubernetes takes it too.
  const body = Buffer.from("k8s\0\u0012\u0007\n\u0005\n\u0003pbx", "latin1");
  assert.equal((await send(configMaps, { method: "POST", body, type: protobuf })).status, 201);
  const list = decode((await send(configMaps, { accept: `${protobuf},application/json` })).body);
  assert.equal(list["kind"], "ConfigMapList");
  assert.ok((list["items"] as KubeObject[]).some(({ metadata }) => metadata.name === "pbx"));
});

test("a watch in protobuf: each event with its length before it", async () => {
  const query = "?watch=1&fieldSelector=metadata.name%3Ddefault";
  const watched = await send(`/api/v1/namespaces${query}`, { accept: protobuf, goesOn: true });
  assert.equal(watched.type, `${protobuf};stream=watch`);
  const length = watched.body.readUInt32BE();
  const event = watched.body.subarray(4, 4 + length);
  assert.equal(event.subarray(0, 7).toString(), "\n\u0005ADDED");
  const object = decode(event.subarray(event.indexOf("k8s\0"))) as KubeObject;
  assert.deepEqual([object.kind, object.metadata.name], ["Namespace", "default"]);
});

test("metadata alone as protobuf, of custom kinds too", async () => {
  await post(boats, "application/json", {
    kind: "Boat",
    apiVersion: "example.com/v1",
    metadata: { name: "b" },
  });
  const as = ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  const answer = await send(boats, { accept: `${protobuf}${as},application/json${as},application/json` });
  const list = decode(answer.body);
  assert.equal(list["kind"], "PartialObjectMetadataList");
  assert.deepEqual(
    (list["items"] as KubeObject[]).map(({ metadata }) => metadata.name),
    ["b"],
  );
});

test("custom objects go as JSON to who accepts both, and refusals as what comes first", async () => {
  const accept = `${protobuf},application/json`;
  assert.equal((await send(boats, { accept })).type, "application/json");
  const missing = await send(`${boats}/none`, { accept });
  assert.deepEqual([missing.status, missing.type], [404, protobuf]);
  assert.equal(decode(missing.body)["message"], 'boats.example.com "none" not found');
  const only = await send(boats, { accept: protobuf });
  assert.deepEqual([only.status, decode(only.body)["reason"]], [406, "NotAcceptable"]);
  const sent = await send(boats, { method: "POST", type: protobuf, body: Buffer.from("k8s\0x") });
  assert.equal(sent.status, 415);
});

test("YAML comes and goes", async () => {
  const body = "metadata:\n  name: from-yaml\ndata:\n  yes: 'no'\n";
  const created = await send(configMaps, { method: "POST", type: yaml, accept: yaml, body });
  assert.deepEqual([created.status, created.type], [201, yaml]);
  assert.match(created.body.toString(), /^apiVersion: v1\ndata:\n {2}"true": "no"\nkind: ConfigMap\n/);
});

test("who accepts nothing that is served gets 406, and nothing is done", async () => {
  // The messages are those of a kube-apiserver v1.36.3.
  const all = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
  const html = await send(`${configMaps}/a`, { accept: "text/html" });
  assert.equal(messageOf(html.body), `406: Not Acceptable\n\nAvailable representations: ${all}`);
  const table = await send(`${configMaps}/a`, { accept: `${protobuf};as=Table;v=v1;g=meta.k8s.io` });
  assert.equal(decode(table.body)["message"], `only the following media types are accepted: ${all}`);
  const review = await send("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    method: "POST",
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    body: JSON.stringify({ spec: { nonResourceAttributes: { path: "/", verb: "get" } } }),
  });
  assert.equal(review.status, 406);
  const body = JSON.stringify({ metadata: { name: "unseen" } });
  const created = await send(configMaps, {
    method: "POST",
    accept: "text/html",
    type: "application/json",
    body,
  });
  assert.equal(created.status, 406);
  assert.equal((await send(`${configMaps}/unseen`)).status, 404);
});

test("what is wanted most is given", async () => {
  const answer = await send("/api/v1/namespaces", {
    accept: "application/json;q=0.1, application/yaml;q=0.9",
  });
  assert.equal(answer.type, yaml);
});

test("bodies that are no protobuf", async () => {
  const refused = async (body: string) =>
    messageOf(
      (await send(configMaps, { method: "POST", type: protobuf, body: Buffer.from(body, "latin1") })).body,
    );
  const prefix = "the object provided is unrecognized (must be of type ConfigMap)";
  // Asked of a kube-apiserver v1.36.3.
  assert.equal(
    await refused("abc"),
    `${prefix}: provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (616263)`,
  );
  assert.equal(await refused("k8s\0"), `${prefix}: empty body (6b387300)`);
  assert.equal(
    await refused("k8s\0\n\u000f\n\u0002v1\u0012\tConfigMap\u0012\u0002\n\u003f"),
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: unexpected EOF',
  );
  assert.equal(
    await refused("k8s\0\n\u000d\n\u0002v1\u0012\u0007ConfigM\u0012\u0002\n\0"),
    'ConfigM in version "v1" cannot be handled as a ConfigMap: no kind "ConfigM" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  );
});

function decode(body: Buffer): JsonObject {
  return codec.decode(codec.open(body));
}

function messageOf(body: Buffer): unknown {
  return (JSON.parse(body.toString()) as JsonObject)["message"];
}

async function post(path: string, type: string, object: unknown): Promise<void> {
  const { status, body } = await send(path, { method: "POST", type, body: JSON.stringify(object) });
  assert.equal(status, 201, body.toString());
}

interface Sent {
  readonly method?: string;
  readonly type?: string;
  readonly accept?: string;
  readonly body?: string | Buffer;
  /** Whether the answer has no end, so that its beginning is enough. */
  readonly goesOn?: boolean;
}

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: Buffer;
}

async function send(
  path: string,
  { method = "GET", type, accept, body, goesOn = false }: Sent = {},
): Promise<Answer> {
  const { ca, cert, key } = connection as RequestOptions;
  const headers = {
    ...(type === undefined ? {} : { "content-type": type }),
    ...(accept === undefined ? {} : { accept }),
  };
  const sent = request(`${connection.server}${path}`, { method, headers, ca, cert, key });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    if (goesOn) break;
  }
  return { status: response.statusCode, type: response.headers["content-type"], body: Buffer.concat(chunks) };
}
