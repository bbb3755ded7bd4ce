import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:https";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readKubeconfig, type KubeconfigConnection } from "@seaworthy/client";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

const program = `
  require("http").createServer((request, response) => {
    const { url, method, headers } = request;
    if (url === "/big") return response.end(Buffer.alloc(20_000_000, "x"));
    if (url === "/breaks") return response.write("begun", () => request.socket.destroy());
    if (url === "/moves") return response.writeHead(302, { location: "/there" }).end();
    if (url === "/page") {
      const page = require("zlib").gzipSync("<a href='/there'>Zürich</a>");
      return response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-encoding": "gzip" }).end(page);
    }
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] });
      response.end(JSON.stringify({ method, url, body, headers }));
    });
  }).listen(8080);`;

const manifest = `
apiVersion: v1
kind: Pod
metadata: {name: one, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: app
      args: [-e, ${JSON.stringify(program)}]
      ports: [{name: web, containerPort: 8080}]
      readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: web}, {name: other, port: 81, targetPort: 8081}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: unscheduled}
spec: {nodeSelector: {none: such}, containers: [{name: app, image: app}]}
`;

const root = "/api/v1/namespaces/default";

describe("requests through the API server", { skip, timeout: 120_000 }, () => {
  let fixture: KubectlCluster;
  let connection: KubeconfigConnection;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(manifest);
    assert.equal((await fixture.kubectl(["wait", "--for=condition=Ready", "pod/one"])).code, 0);
    connection = await readKubeconfig({ file: fixture.cluster.kubeconfigPath });
  });
  after(() => fixture[Symbol.asyncDispose]());

  async function ask(
    path: string,
    method = "GET",
    headers: Record<string, string> = {},
    body = "",
    decode: (bytes: Buffer) => Buffer = (bytes) => bytes,
  ) {
    const { ca, cert, key } = connection;
    const url = `${fixture.cluster.apiUrl}${root}/${path}`;
    const sent = request(url, { method, headers, agent: false, ca, cert, key });
    sent.end(body);
    const [response] = await once(sent, "response");
    const text = decode(Buffer.concat(await response.toArray())).toString();
    return { status: response.statusCode as number, headers: response.headers, body: text };
  }

  test("a pod gets them as they are, but for credentials, and so does the client its answer", async () => {
    const headers = {
      accept: "application/yaml",
      authorization: "Basic x",
      "x-own": "1",
      "content-type": "text/x",
    };
    const answer = await ask("pods/one:8080/proxy/a/b?c=d", "POST", headers, "hello");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
    const {
      method,
      url,
      body,
      headers: got,
    } = JSON.parse(answer.body) as Record<string, string> & {
      headers: Record<string, string>;
    };
    assert.deepEqual([method, url, body], ["POST", "/a/b?c=d", "hello"]);
    assert.equal(got["x-own"], "1");
    assert.equal(got["authorization"], undefined);
    assert.equal(got["x-forwarded-uri"], `${root}/pods/one:8080/proxy/a/b`);
  });

  test("the port is the first that the pod declares, and a Service's by its name or number", async () => {
    for (const target of ["pods/one", "services/web:http", "services/web:80", "services/http:web:http"])
      assert.equal((JSON.parse((await ask(`${target}/proxy/x`)).body) as { url: string }).url, "/x", target);
    const { out } = await fixture.kubectl(["get", "--raw", `${root}/services/web:http/proxy/y`]);
    assert.equal((JSON.parse(out) as { url: string }).url, "/y");
  });

  test("every method, a large answer, and one that breaks off", async () => {
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"])
      assert.equal(
        (JSON.parse((await ask("pods/one/proxy/x", method)).body) as { method: string }).method,
        method,
      );
    assert.equal((await ask("pods/one/proxy/x", "HEAD")).status, 200);
    assert.equal((await ask("pods/one/proxy/big")).body.length, 20_000_000);
    await assert.rejects(ask("pods/one/proxy/breaks"));
  });

  test("places on the pod are places below the proxy", async () => {
    const bare = await ask("pods/one/proxy?x=1");
    assert.deepEqual([bare.status, bare.headers.location], [301, `${root}/pods/one/proxy/?x=1`]);
    const page = await ask("pods/one/proxy/page", "GET", {}, "", gunzipSync);
    assert.equal(page.body, `<a href='${root}/pods/one/proxy/there'>Zürich</a>`);
    const moved = await ask("pods/one/proxy/moves");
    assert.deepEqual([moved.status, moved.headers.location], [302, `${root}/pods/one/proxy/there`]);
  });

  // What Kubernetes v1.36.3 answers.
  const refusals: readonly [path: string, status: number, message: RegExp][] = [
    [
      "pods/one:81/proxy/x",
      503,
      /^error trying to reach service: dial tcp [\d.]+:81: connect: connection refused$/,
    ],
    ["pods/one:99999/proxy/x", 503, /^error trying to reach service: dial tcp: address 99999: invalid port$/],
    [
      "pods/https:one:8080/proxy/x",
      503,
      /^error trying to reach service: tls: first record does not look like a TLS handshake$/,
    ],
    ["pods/foo:one:8080/proxy/x", 400, /^invalid pod request "foo:one:8080"$/],
    ["pods/unscheduled/proxy/x", 400, /^address not allowed$/],
    ["pods/nosuch/proxy/x", 404, /^pods "nosuch" not found$/],
    ["services/web/proxy/x", 503, /^no endpoints available for service "web"$/],
    ["services/web:nosuch/proxy/x", 503, /^no endpoints available for service "web:nosuch"$/],
    ["services/nobody:80/proxy/x", 503, /^no endpoints available for service "nobody"$/],
    ["services/web:9/proxy/x", 503, /^no service port 9 found for service "web"$/],
    [
      "services/web:other/proxy/x",
      503,
      /^error trying to reach service: dial tcp [\d.]+:8081: connect: connection refused$/,
    ],
    ["services/nosuch/proxy/x", 404, /^services "nosuch" not found$/],
  ];
  for (const [path, status, message] of refusals)
    test(`${path} is refused`, async () => {
      const answer = await ask(path);
      assert.equal(answer.status, status);
      assert.match((JSON.parse(answer.body) as { message: string }).message, message);
    });

  test("who may is for roles to say, for the name as it is written", async () => {
    const { err } = await fixture.kubectl(["get", "--raw", `${root}/pods/one:8080/proxy/x`, "--as=jane"]);
    assert.match(err, /pods "one:8080" is forbidden: User "jane" cannot get resource "pods\/proxy"/);
  });
});
