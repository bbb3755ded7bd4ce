import { constants } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { ApiRequest, ApiResponse, Transport } from "@seaworthy/client";
import { refuse } from "./admit-request.ts";
import type { Credentials } from "./credentials.ts";
import { formatKubeconfig } from "./format-kubeconfig.ts";
import { readBody } from "./read-body.ts";
import { errorResponse } from "./responses.ts";
import { sendResponse } from "./send-response.ts";
import { tooLarge } from "./status-error.ts";

/** An API server that can be reached over HTTPS. Disposing it ends every connection. */
export interface ListeningApi extends AsyncDisposable {
  readonly url: string;
  /** A kubeconfig for its administrator, as YAML. Everybody who has it may do everything. */
  readonly kubeconfig: string;
  /** PEM of the authority that signed its certificate, for clients inside the cluster. */
  readonly ca: string;
}

const largestBody = 3 * 1024 * 1024;

/**
 * Serves a request handler over HTTPS on 127.0.0.1, to those who have its credentials. Port 0 takes any free one.
 */
export async function serveApi(
  transport: Transport,
  port: number,
  credentials: Credentials,
): Promise<ListeningApi> {
  const { ca, server: pair, administrator, token } = credentials;
  const server = createServer(
    {
      ...pair,
      ca,
      requestCert: true,
      // Without a certificate there may be a token, so a request is refused, not the connection.
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      // Who resumes a session would be believed for what the first connection proved.
      secureOptions: constants.SSL_OP_NO_TICKET,
      handshakeTimeout: 10_000,
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 120_000,
    },
    (message, response) => {
      const refusal = refuse(message, credentials);
      void (refusal === undefined ? answer(transport, message, response) : end(refusal, response));
    },
  );
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  try {
    await promise;
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw new SeaworthyError("SW2001", `port ${port} on 127.0.0.1 is ${taken ? "taken" : "not usable"}`, {
      why: "the API server of the cluster needs it",
      next: ["choose another port, or leave it out to get a free one"],
      cause,
    });
  }
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    ca,
    kubeconfig: formatKubeconfig({ server: url, ca, ...administrator, token }),
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** Answers without reading the body, so the connection is of no use afterwards. */
async function end(refusal: ApiResponse, response: ServerResponse): Promise<void> {
  const headers = { ...refusal.headers, connection: "close" };
  await sendResponse({ ...refusal, headers }, response);
}

async function answer(
  transport: Transport,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    const body = await readBody(message, largestBody);
    if (body === undefined) return await end(errorResponse(tooLarge(largestBody)), response);
    await sendResponse(await transport(toApiRequest(message, body, gone.signal)), response);
  } catch (error) {
    if (!response.headersSent && !gone.signal.aborted) response.writeHead(500);
    response.end(gone.signal.aborted ? undefined : String(error));
  }
}

function toApiRequest(message: IncomingMessage, body: Buffer, signal: AbortSignal): ApiRequest {
  const { url = "/" } = message;
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const method = (message.method ?? "GET") as ApiRequest["method"];
  return { method, path, query, headers, body, signal };
}
