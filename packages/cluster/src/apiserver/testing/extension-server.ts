import { once } from "node:events";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { JsonObject } from "@seaworthy/kube";

/** A request to an extension API server. */
export interface ExtensionRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Resolves when it is over, for whatever reason. */
  readonly closed: Promise<unknown>;
}

/** What an extension API server is made of. */
export interface ExtensionOptions {
  readonly cert: string;
  readonly key: string;
  /** PEM of the authority of the front proxy: who has no certificate of it is not believed, and refused. */
  readonly proxyAuthority: string;
  readonly host?: string;
  readonly port?: number;
  /** Gives an object to be answered, or has answered itself; undefined for 404. */
  readonly answer: (request: ExtensionRequest, response: ServerResponse) => Answer | Promise<Answer>;
}

type Answer = JsonObject | "answered" | undefined;

/** An extension API server, as one behind an APIService is. */
export interface ExtensionServer extends AsyncDisposable {
  readonly port: number;
  /** All that it was asked. */
  readonly asked: readonly ExtensionRequest[];
}

/** Starts one. On an upgrade to `echo` it says back what it is told. */
export async function startExtension(options: ExtensionOptions): Promise<ExtensionServer> {
  const { cert, key, proxyAuthority, host = "127.0.0.1", port = 0, answer } = options;
  const asked: ExtensionRequest[] = [];
  const server = createServer(
    { cert, key, ca: proxyAuthority, requestCert: true, rejectUnauthorized: false },
    (message, response) => {
      void (async () => {
        const { socket, method = "GET", url = "/", headers } = message;
        const closed = once(response, "close");
        let body = "";
        for await (const piece of message as AsyncIterable<Buffer>) body += piece.toString("utf8");
        const { pathname: path, searchParams: query } = new URL(url, "https://extension");
        const request = { method, path, query, headers, body, closed };
        asked.push(request);
        if (!isFromProxy(socket as TLSSocket)) return void response.writeHead(401).end();
        const answered = await answer(request, response);
        if (answered === "answered") return;
        response.writeHead(answered === undefined ? 404 : 200, { "content-type": "application/json" });
        response.end(answered === undefined ? "" : JSON.stringify(answered));
      })();
    },
  );
  server.on("upgrade", (message, socket) => {
    if (!isFromProxy(message.socket as TLSSocket)) return void socket.destroy();
    const user = message.headers["x-remote-user"] as string;
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-User: ${user}\r\n\r\nhello `,
    );
    socket.pipe(socket);
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isFromProxy(socket: TLSSocket): boolean {
  return socket.authorized && socket.getPeerCertificate().subject.CN === "front-proxy-client";
}
