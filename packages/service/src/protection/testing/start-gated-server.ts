import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect as connectHttp2, createSecureServer, createServer as createHttp2Server } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Exchange, Gate } from "../../exchange.ts";
import { tapServer, type AnyServer } from "../../tap-server.ts";
import { selfSigned } from "@seaworthy/certificates";

export type Protocol = "http" | "https" | "h2c" | "h2";

/** A real server behind a gate, for tests. */
export interface GatedServer {
  readonly server: AnyServer;
  readonly port: number;
  /** The paths that the application was asked for. */
  readonly seen: readonly string[];
  /** The exchanges that have ended. */
  readonly ended: readonly Exchange[];
}

/** Starts a gated server on a free port; the test's end ends it. `prepare` is called before it listens and gives the gate. */
export async function startGatedServer(
  t: TestContext,
  prepare: (server: AnyServer) => Gate,
  { protocol = "http", application = answerOk }: { protocol?: Protocol; application?: RequestListener } = {},
): Promise<GatedServer> {
  const seen: string[] = [];
  const ended: Exchange[] = [];
  const server = await createAnyServer(t, protocol);
  const gate = prepare(server);
  const proceed = tapServer(
    server,
    {
      begin: (exchange) => {
        if (!gate(exchange, proceed)) proceed(exchange);
      },
      end: (exchange) => void ended.push(exchange),
      upgraded: () => undefined,
    },
    () => performance.now(),
  );
  (server as ReturnType<typeof createServer>).on("request", (request, response) => {
    seen.push(request.url ?? "");
    application(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  return { server, port: (server.address() as AddressInfo).port, seen, ended };
}

/** Writes to a new connection and gives what comes back until it ends, with the error's code if it is reset. */
export async function converse(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let heard = "";
  socket.on("data", (data: string) => (heard += data));
  socket.write(text);
  const { promise: failed, resolve } = Promise.withResolvers<string>();
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  const error = await Promise.race([once(socket, "end").then(() => ""), failed]);
  socket.destroy();
  return heard + error;
}

/** A client's HTTP/2 session which the test's end ends. The test must look for errors on the session's streams. */
export function openHttp2(t: TestContext, origin: string) {
  const session = connectHttp2(origin, { rejectUnauthorized: false });
  session.on("error", () => undefined);
  t.after(() => session.destroy());
  return session;
}

async function createAnyServer(t: TestContext, protocol: Protocol): Promise<AnyServer> {
  if (protocol === "http") return createServer();
  if (protocol === "h2c") return createHttp2Server();
  const pair = selfSigned();
  return protocol === "h2" ? createSecureServer({ ...pair, allowHTTP1: true }) : createTlsServer(pair);
}

const answerOk: RequestListener = (_, response) => void response.end("ok");
