import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { attachServer } from "../attach-server.ts";
import { trackConnections } from "../lifecycle/connection-set.ts";
import { takeOverKeepAlive } from "./keep-alive.ts";

const head = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

test("an answer tells how long its connection is kept, and one that is idle for longer is ended", async (t) => {
  const { server, talk } = await start(t, { keepAliveTimeout: 1_000, keepAliveTimeoutBuffer: -900 });
  const [answer, ended] = await talk(head);
  assert.match(answer, /\r\nconnection: keep-alive\r\nkeep-alive: timeout=1\r\n/i);
  assert.equal(ended, true);
  assert.equal(server.keepAliveTimeout, 0);
});

test("one that closes after its answer is promised nothing", async (t) => {
  const { talk } = await start(t, { keepAliveTimeout: 1_000 });
  const [answer] = await talk(head.replace("a\r\n", "a\r\nconnection: close\r\n"));
  assert.doesNotMatch(answer, /keep-alive/i);
});

test("neither a head that is on its way nor an answer is cut, nor a connection that has not asked yet", async (t) => {
  const held = Promise.withResolvers<() => void>();
  const application: RequestListener = (request, response) => {
    if (request.url === "/held") held.resolve(() => response.end("ok"));
    else response.end("ok");
  };
  const { port, talk } = await start(t, { keepAliveTimeout: 60, keepAliveTimeoutBuffer: 0 }, application);
  const [first, second, slow, unused] = [1, 2, 3, 4].map(() => {
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    t.after(() => socket.destroy());
    return { socket, answers: answersOn(socket) };
  }) as [Talk, Talk, Talk, Talk];
  const half = head.slice(0, -2);
  first.socket.write(half);
  second.socket.write(head);
  await once(second.socket, "data");
  second.socket.write(half);
  slow.socket.write(head.replace("/", "/held"));
  const answer = await held.promise;
  // Another connection came after all of these, and was ended.
  assert.equal((await talk(head))[1], true);
  answer();
  for (const { socket } of [first, second]) socket.write("\r\n");
  unused.socket.write(head);
  const all = await Promise.all([first, second, slow, unused].map(({ answers }) => answers));
  assert.deepEqual(all, [1, 2, 1, 1]);
});

test("without a time nothing is promised or ended", async (t) => {
  const { talk } = await start(t, { keepAliveTimeout: 0 });
  const [answer] = await talk(head.replace("a\r\n", "a\r\nx: y\r\n"), 100);
  assert.match(answer, /connection: keep-alive\r\n/i);
  assert.doesNotMatch(answer, /timeout=/i);
});

interface Talk {
  readonly socket: Socket;
  readonly answers: Promise<number>;
}

/** How many answers there were when the server ended the connection. */
async function answersOn(socket: Socket): Promise<number> {
  let heard = "";
  socket.on("data", (data: string) => (heard += data));
  await once(socket, "end");
  return heard.split("200 OK").length - 1;
}

async function start(
  t: TestContext,
  timeouts: Partial<Pick<Server, "keepAliveTimeout" | "keepAliveTimeoutBuffer">>,
  application: RequestListener = (_request, response) => response.end("ok"),
) {
  const server = Object.assign(createServer(application), timeouts);
  const now = () => performance.now();
  const connections = trackConnections(server, now, { unusedMs: 0, upgradeCloseMs: 0 });
  attachServer(server, {
    connections,
    internalRoute: () => undefined,
    answerInternal: () => undefined,
    count: () => undefined,
    observers: [takeOverKeepAlive(connections)],
    gates: [],
    accessLog: undefined,
    run: (exchange, proceed) => proceed(exchange),
    now,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, talk: (text: string, waitMs?: number) => talk(port, text, waitMs) };
}

/** What comes back on a new connection until the server ends it, or for so long; and whether it did. */
async function talk(port: number, text: string, waitMs?: number): Promise<[heard: string, ended: boolean]> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let heard = "";
  socket.on("data", (data: string) => (heard += data));
  socket.write(text);
  const signal = waitMs === undefined ? undefined : AbortSignal.timeout(waitMs);
  const ended = await once(socket, "end", { signal }).then(
    () => true,
    () => false,
  );
  socket.destroy();
  return [heard, ended];
}
