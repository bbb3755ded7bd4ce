import { constants } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { Authenticate } from "../authentication/authenticate.ts";
import type { Credentials } from "../authentication/credentials.ts";
import { identify } from "../authentication/identify.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { ReadBody } from "../handle-request.ts";
import { encodeAnswer, type EncodedAnswer } from "./encode-answer.ts";
import { formatKubeconfig } from "./format-kubeconfig.ts";
import { readBody } from "./read-body.ts";
import { refuseWebPage } from "./refuse-web-page.ts";
import { errorResponse } from "./responses.ts";
import { sendResponse } from "./send-response.ts";
import { StatusError, tooLarge } from "./status-error.ts";
import { mayUpgrade, serveUpgrades } from "./serve-upgrades.ts";

/** An API server that can be reached over HTTPS. Disposing it ends every connection. */
export interface ListeningApi extends AsyncDisposable {
  readonly url: string;
  /** A kubeconfig for its administrator, as YAML. Everybody who has it may do everything. */
  readonly kubeconfig: string;
  /** PEM of the authority that signed its certificate, for clients inside the cluster. */
  readonly ca: string;
  /** Serves a connection that came in elsewhere, for example inside a pod. It has to begin with TLS as any other. */
  accept(socket: Socket): void;
}

/** What is served, and to whom. */
export interface Served {
  /** Answers a request; its body is read when it is wanted. */
  readonly handle: (request: ApiRequest, readBody: ReadBody | undefined) => Promise<ApiResponse>;
  /** Whether the objects at a path are of a custom kind. */
  readonly isCustom: (path: string) => boolean;
  readonly authenticate: Authenticate;
  readonly authorizer: Authorizer;
  readonly credentials: Credentials;
}

const largestBody = 3 * 1024 * 1024;

/** Serves a request handler over HTTPS on 127.0.0.1. Port 0 takes any free one. */
export async function serveApi(served: Served, port: number): Promise<ListeningApi> {
  const { authority, server: pair, administrator, token } = served.credentials;
  const ca = authority.cert;
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
      shouldUpgradeCallback: mayUpgrade,
    },
    (message, response) => void answer(served, message, response),
  );
  // Node's own list lacks those that have not ended their handshake, and those that were to change their protocol.
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  serveUpgrades(server, {
    answer: async (message, signal) =>
      refuseWebPage(message) ?? (await serve(served, message, undefined, signal)),
    send: sendResponse,
  });
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
    accept: (socket) => void server.emit("connection", socket),
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of connections) socket.destroy();
      await closed.promise;
    },
  };
}

async function answer(served: Served, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  let isLeft = hasBody(message);
  const takeBody: ReadBody = async () => {
    const body = await readBody(message, largestBody);
    if (body === undefined) throw tooLarge(`limit is ${largestBody}`);
    isLeft = false;
    return body;
  };
  try {
    const refused = refuseWebPage(message);
    const answered = refused ?? (await serve(served, message, isLeft ? takeBody : undefined, gone.signal));
    // What was not read must not be taken for the next request.
    const headers = isLeft ? { ...answered.headers, connection: "close" } : answered.headers;
    await sendResponse({ ...answered, headers }, response);
  } catch (error) {
    // Who has the beginning of an answer must not take it for the whole.
    if (response.headersSent || gone.signal.aborted) response.destroy();
    else response.writeHead(500).end(String(error));
  }
}

async function serve(
  served: Served,
  message: IncomingMessage,
  takeBody: ReadBody | undefined,
  signal: AbortSignal,
): Promise<EncodedAnswer> {
  const request = toApiRequest(message, signal);
  const answered = await answerAs(served, message, request, takeBody);
  return encodeAnswer(answered, request, () => served.isCustom(request.path));
}

async function answerAs(
  served: Served,
  message: IncomingMessage,
  request: ApiRequest,
  takeBody: ReadBody | undefined,
): Promise<ApiResponse> {
  let user: ApiRequest["user"];
  try {
    user = identify(served, message, request);
  } catch (error) {
    if (error instanceof StatusError) return errorResponse(error);
    throw error;
  }
  return served.handle({ ...request, user }, takeBody);
}

function hasBody({ headers }: IncomingMessage): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
  return length !== "0" || encoding !== undefined;
}

function toApiRequest(message: IncomingMessage, signal: AbortSignal): ApiRequest {
  const { url = "/" } = message;
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const method = (message.method ?? "GET") as ApiRequest["method"];
  return { method, path, query, headers, signal, inPieces: true };
}
