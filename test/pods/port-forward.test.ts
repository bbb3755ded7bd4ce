import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { KubeConfig, PortForward } from "@kubernetes/client-node";
import { skip, startKubectlCluster, type KubectlCluster } from "./kubectl-cluster.ts";

/** A server that says what it was sent, and one on the loopback address that echoes until the end. */
const program = `
  require("http").createServer((request, response) => {
    const { url } = request;
    if (url === "/big") return response.end(Buffer.alloc(20_000_000, "x"));
    let length = 0;
    request.on("data", (chunk) => (length += chunk.length));
    request.on("end", () => response.end(url + " " + length));
  }).listen(8080);
  require("net").createServer({ allowHalfOpen: true }, (socket) => {
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk));
    socket.on("end", () => socket.end("heard " + heard));
  }).listen(7000, "127.0.0.1", () => console.log("listening"));`;

const manifest = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: web}}
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
spec: {selector: {app: web}, ports: [{port: 80, targetPort: web}]}
`;

describe("kubectl forwards ports of pods", { skip, timeout: 180_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    await fixture.apply(manifest("one"));
    await fixture.kubectl(["wait", "--for=condition=Ready", "pod/one", "--timeout=60s"]);
  });
  after(() => fixture[Symbol.asyncDispose]());

  for (const [protocol, webSockets] of [
    ["SPDY inside a WebSocket", "true"],
    ["SPDY", "false"],
  ] as const)
    describe(`over ${protocol}`, () => {
      const env = { KUBECTL_PORT_FORWARD_WEBSOCKETS: webSockets };
      const forward = (...words: string[]) =>
        startForward(fixture.start(["port-forward", ...words], { env }));

      test("requests, many at once, small and large", async () => {
        await using forwarded = await forward("pod/one", ":8080");
        const url = `http://127.0.0.1:${forwarded.port}`;
        const numbers = Array.from({ length: 40 }, (_, n) => n);
        const texts = await Promise.all(numbers.map(async (n) => (await fetch(`${url}/${n}`)).text()));
        assert.deepEqual(
          texts,
          numbers.map((n) => `/${n} 0`),
        );
        assert.equal((await (await fetch(`${url}/big`)).bytes()).length, 20_000_000);
        const body = Buffer.alloc(20_000_000);
        assert.equal(await (await fetch(`${url}/in`, { method: "POST", body })).text(), "/in 20000000");
      });

      test("a port by its name, a pod by its Service, and a port of the loopback address only", async () => {
        await using named = await forward("pod/one", ":web");
        assert.equal(await (await fetch(`http://127.0.0.1:${named.port}/a`)).text(), "/a 0");
        await using service = await forward("service/web", ":80");
        assert.equal(await (await fetch(`http://127.0.0.1:${service.port}/b`)).text(), "/b 0");
        await using loopback = await forward("pod/one", ":7000");
        assert.equal(await converse(loopback.port, "hello"), "heard hello");
      });

      test("a port on which nothing listens is told, and ends the forward as on a real cluster", async () => {
        await using forwarded = await forward("pod/one", ":9");
        const exit = once(forwarded.child, "exit");
        assert.equal(await converse(forwarded.port, "hello"), "");
        await exit;
        assert.match(
          forwarded.errors(),
          /an error occurred forwarding \d+ -> 9: error forwarding port 9 to pod [0-9a-f]{64}, uid : failed to execute portforward in network namespace .*: connect: connection refused/,
        );
        assert.match(forwarded.errors(), /error: lost connection to pod/);
      });

      test("the end of the pod is the end of the forward", async () => {
        await fixture.apply(manifest("two"));
        await fixture.kubectl(["wait", "--for=condition=Ready", "pod/two", "--timeout=60s"]);
        await using forwarded = await forward("pod/two", ":8080");
        assert.equal(await (await fetch(`http://127.0.0.1:${forwarded.port}/a`)).text(), "/a 0");
        const exit = once(forwarded.child, "exit");
        await fixture.kubectl(["delete", "pod", "two", "--force"]);
        await exit;
        assert.match(forwarded.errors(), /lost connection to pod/);
      });
    });

  test("the official JavaScript client forwards a port over channels", async () => {
    const config = new KubeConfig();
    config.loadFromFile(fixture.cluster.kubeconfigPath);
    const forward = new PortForward(config);
    const server = createServer((socket) => {
      socket.on("error", () => {});
      void forward.portForward("default", "one", [8080], socket, null, socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const request = "GET /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(request);
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += String(chunk)));
    while (!answer.includes("/a 0")) await once(socket, "data");
    socket.destroy();
    server.close();
  });
});

/** Waits until kubectl listens. */
async function startForward(child: ChildProcess) {
  let errors = "";
  child.stderr!.on("data", (chunk: Buffer) => (errors += String(chunk)));
  const listening = Promise.withResolvers<number>();
  createInterface(child.stdout!).on("line", (line) => {
    const port = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) listening.resolve(Number(port));
  });
  child.once("exit", () => listening.reject(new Error(errors)));
  const port = await listening.promise;
  return {
    child,
    port,
    errors: () => errors,
    [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      return Promise.resolve();
    },
  };
}

/** All that a server says to who says one thing and no more. */
async function converse(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += String(chunk)));
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}
