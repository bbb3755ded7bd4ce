import { connect } from "node:tls";
import type { ApiRequest, Transport } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import type { Random } from "../../random.ts";
import { encodeAnswer } from "../http/encode-answer.ts";
import { hostileBytes, hostileRequest, secretMark } from "./hostile-requests.ts";
import { startApi, type Fixture } from "./start-api.ts";

/** An API server with something to hide: a Secret in the namespace `vault`. */
export async function startTarget(): Promise<Fixture> {
  const api = await startApi({ historyLimit: 1000, startMs: Date.now() });
  const metadata = { name: "vault" };
  await api.client.create(resourceTypes.namespaces, { apiVersion: "v1", kind: "Namespace", metadata });
  const key = { name: "key", namespace: "vault", annotations: { mark: secretMark } };
  await api.client.create(resourceTypes.secrets, { apiVersion: "v1", kind: "Secret", metadata: key });
  return api;
}

/** Sends one hostile request into a server in this process. Throws when the answer is not as it has to be. */
export async function sendHostile(transport: Transport, random: Random): Promise<number> {
  const gone = new AbortController();
  const request = { ...hostileRequest(random), signal: gone.signal };
  const answer = await transport(request);
  const { status, body } = answer;
  let text = "";
  if (typeof body === "string") {
    text = body;
    await encodeAnswer(answer, request, () => false);
  } else {
    // What a watch has at once is read, and no more.
    setImmediate(() => gone.abort());
    for await (const chunk of body) text += chunk;
  }
  const problem = problemOf(status, text);
  if (problem !== undefined)
    throw new Error(`${problem}: ${tell(request)} → ${status} ${text.slice(0, 2000)}`);
  return status;
}

function problemOf(status: number, text: string): string | undefined {
  if (text.includes(secretMark)) return "it tells of another namespace";
  if (status < 400) return status < 200 ? "no status" : undefined;
  let answer: { readonly kind?: unknown; readonly code?: unknown; readonly message?: unknown };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    return "a refusal is not JSON";
  }
  if (answer.kind !== "Status" || answer.code !== status) return "a refusal is not a Status";
  // Kubernetes itself has three 500s for what clients do wrong.
  const isOwn =
    status === 500 &&
    /^(resourceVersion(: Invalid value| should not be set)|failed to create typed patch object \()/.test(
      String(answer.message),
    );
  return status >= 500 && status !== 504 && !isOwn ? "it is taken for a fault of the server" : undefined;
}

function tell({ method, path, query, headers, body = "" }: ApiRequest): string {
  const shown = typeof body === "string" ? body : Buffer.from(body).toString("latin1");
  return `${method} ${path.slice(0, 500)}?${query.toString().slice(0, 500)} ${JSON.stringify(headers)} ${shown.slice(0, 1000)}`;
}

/**
 * Sends hostile bytes over a connection without credentials, and reads what comes back until it is quiet. Throws when it
 * tells anything.
 */
export async function sendHostileBytes(url: string, random: Random): Promise<void> {
  const { port, host } = new URL(url);
  const bytes = hostileBytes(random, host);
  const socket = connect({ host: "127.0.0.1", port: Number(port), rejectUnauthorized: false });
  const { promise, resolve } = Promise.withResolvers<void>();
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    answer += chunk;
    // All of our answers to strangers are short. What is asked after it on the connection is not read.
    if (/\r\n\r\n/.test(answer)) socket.destroy();
  });
  socket.on("error", () => {});
  socket.once("close", () => resolve());
  // Who sends half a request waits for the rest, and so does the server, for a while.
  socket.setTimeout(200, () => socket.destroy());
  socket.end(bytes);
  await promise;
  if (answer.includes(secretMark))
    throw new Error(`it tells strangers: ${bytes.toString("latin1").slice(0, 1000)}`);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 400);
  if (
    status < 400 &&
    !/^(?:GET|HEAD) \/+(?:healthz|livez|readyz|version)/.test(bytes.toString("latin1")) &&
    status !== 100
  )
    throw new Error(`a stranger gets ${status}: ${bytes.toString("latin1").slice(0, 1000)}`);
  if (status >= 500) throw new Error(`${answer.slice(0, 500)}: ${bytes.toString("latin1").slice(0, 1000)}`);
}
