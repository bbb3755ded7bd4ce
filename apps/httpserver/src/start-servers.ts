import { once } from "node:events";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";
import { SeaworthyError } from "@seaworthy/errors";
import type { AnyServer, Service } from "@seaworthy/service";
import { echoMethods } from "./answers/allowed-methods.ts";
import { refuseConnection } from "./answers/refuse-connection.ts";
import type { Settings } from "./settings/settings.ts";
import type { WebSocketEcho } from "./web-socket-echo.ts";

// An import of node:http as an ES module reads each of its exports, and so loads all of fetch: 40 ms of a start of 200.
const http = process.getBuiltinModule("node:http");

/** The parts that the servers are made of. */
export interface ServersParts {
  readonly service: Pick<Service, "attach" | "watchTls">;
  readonly settings: Pick<Settings, "port" | "h2cPort" | "httpsPort" | "tlsDir">;
  readonly handler: RequestListener;
  readonly webSockets: WebSocketEcho;
}

interface Listening {
  readonly setting: "port" | "h2cPort" | "httpsPort";
  readonly port: number;
  readonly server: AnyServer;
}

/** Larger heads get 431. Node's own limit is 16 KiB as well, but may change. */
const maxHeaderSize = 16 * 1024;

/** Listens on every port that is set. Throws SW8006 when a port cannot be had, SW8005 when there is no usable key pair. */
export async function startServers({ service, settings, handler, webSockets }: ServersParts): Promise<void> {
  const { port, h2cPort, httpsPort, tlsDir } = settings;
  const shouldUpgradeCallback = (request: IncomingMessage): boolean => webSockets.wants(request);
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    webSockets.upgrade(request, socket, head);

  const plain = http.createServer({ maxHeaderSize, shouldUpgradeCallback }, handler);
  plain.on("upgrade", onUpgrade).on("connect", refuseTunnel);
  const all: Listening[] = [{ setting: "port", port, server: plain }];
  if (h2cPort !== undefined || httpsPort !== undefined) {
    const http2 = await import("node:http2");
    const listener = handler as never; // Fastify takes HTTP/2's request and answer just as well.
    if (h2cPort !== undefined)
      all.push({
        setting: "h2cPort",
        port: h2cPort,
        server: http2.createServer(listener).on("connect", refuseTunnel),
      });
    if (httpsPort !== undefined) {
      const options: object = { allowHTTP1: true, maxHeaderSize }; // The size is for HTTP/1.1, and not in Node's types.
      const server = http2.createSecureServer(options, listener);
      server.on("upgrade", onUpgrade).on("connect", refuseTunnel);
      // This server takes it as a property only: Node overwrites the option.
      Object.assign(server, { shouldUpgradeCallback });
      await service.watchTls(server, { directory: tlsDir ?? missingTlsDir() });
      all.push({ setting: "httpsPort", port: httpsPort, server });
    }
  }
  for (const { server } of all) service.attach(server);
  await Promise.all(all.map(listen));
}

/** Refuses CONNECT, because this is no proxy (RFC 9110, section 9.3.6). Without a listener Node would close and say nothing. */
function refuseTunnel(_request: unknown, stream: Duplex | Http2ServerResponse): void {
  const allow = echoMethods.join(", ");
  if ("writeHead" in stream) {
    stream.writeHead(405, { allow }).end();
    return;
  }
  stream.on("error", () => stream.destroy());
  refuseConnection(stream, "405 Method Not Allowed", [`Allow: ${allow}`]);
}

async function listen({ setting, port, server }: Listening): Promise<void> {
  (server as Server).listen(port);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new SeaworthyError("SW8006", `port ${port} cannot be listened on: ${(error as Error).message}`, {
      field: setting,
      next: [
        `end what has the port, or set ${setting} to another one; a port below 1024 can take a capability`,
      ],
      cause: error,
    });
  }
}

function missingTlsDir(): never {
  throw new SeaworthyError("SW8001", "httpsPort is set, but tlsDir is not", {
    field: "tlsDir",
    next: ["set TLS_DIR to the folder of tls.crt and tls.key"],
  });
}
