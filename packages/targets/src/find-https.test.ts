import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { test, type TestContext } from "node:test";
import { selfSigned } from "@seaworthy/certificates";
import type { Route } from "@seaworthy/app";
import { ask } from "./ask/ask.ts";
import { wayBy } from "./edge-way.ts";
import { findHttps } from "./find-https.ts";

const host = "127.0.0.1";
const route: Route = {
  kind: "ingress",
  label: "Ingress shop.example/",
  namespace: "default",
  service: "shop",
  port: 80,
  portName: "",
  dialPort: 80,
  hostHeader: "shop.example",
  hasTls: true,
  paths: [{ path: "/", appPath: "/" }],
  deployments: ["shop"],
  group: "shop",
};

test("an edge that redirects to HTTPS is asked there, and a certificate that nobody knows is taken with a notice", async (context) => {
  const secure = await listening(
    context,
    createTlsServer(selfSigned(), (request, response) => response.end(request.headers.host)),
  );
  const bare = await listening(
    context,
    createServer((_request, response) => {
      response.writeHead(308, { Location: `https://shop.example:${secure}/` }).end();
    }),
  );
  for (const [given, count] of [
    [{ host, port: bare, isTls: false }, 2],
    [{ host, port: secure, isTls: true }, 1],
  ] as const) {
    const notices: string[] = [];
    const address = await findHttps(given, route, (text) => notices.push(text));
    assert.deepEqual(address, { host, port: secure, tls: { serverName: "shop.example", insecure: true } });
    assert.equal(notices.length, count, notices.join("\n"));
    const way = wayBy(address, route, { isEdge: true, isOpaque: true });
    const answer = await ask(async (ms) => (await way.dial(ms)).socket, {
      method: "GET",
      path: "/",
      hostHeader: "shop.example",
    });
    assert.equal(answer.kind === "status" && answer.status, 200);
  }
});

test("an edge that has not heard of the host yet is asked again", async (context) => {
  let asked = 0;
  const bare = await listening(
    context,
    createServer((_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(404).end();
      else response.writeHead(308, { Location: "https://shop.example:1/" }).end();
    }),
  );
  const { port } = await findHttps({ host, port: bare, isTls: false }, route, () => {});
  assert.equal(port, 1);
  assert.equal(asked, 2);
});

test("an edge that answers over HTTP is asked there, also where the host has TLS", async (context) => {
  const answers: RequestListener[] = [
    (_request, response) => response.end("ok"),
    (_request, response) => response.writeHead(302, { Location: "/login" }).end(),
  ];
  for (const answer of answers) {
    const port = await listening(context, createServer(answer));
    assert.deepEqual(await findHttps({ host, port, isTls: false }, route, assert.fail), { host, port });
  }
});

async function listening(context: TestContext, server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}
