import type { Socket } from "node:net";
import type { JsonObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { goReadError } from "../http/go-network-error.ts";
import { raced } from "../http/raced.ts";
import { readText } from "../http/read-text.ts";
import { sendRequest } from "../proxy/send-request.ts";
import { printUrl, urlOf, type ClientConfig } from "./client-config.ts";
import { dialWebhook } from "./dial-webhook.ts";

/**
 * Posts an object to a webhook, and gives the object that it answers. What goes wrong is told in the words of Go's HTTP
 * client and of Kubernetes' own. One connection serves one call.
 */
export async function postToWebhook(
  context: ApiContext,
  config: ClientConfig,
  object: JsonObject,
  timeoutMs: number,
): Promise<JsonObject> {
  const url = urlOf(config);
  url.searchParams.set("timeout", `${Math.ceil(timeoutMs / 1000)}s`);
  const deadline = new AbortController();
  const stop = context.processClock.after(timeoutMs, () => deadline.abort());
  let socket: Socket | undefined;
  try {
    const dialed = await raced(dialWebhook(context, config, deadline.signal), deadline.signal);
    socket = dialed;
    const answer = await raced(send(dialed, url, JSON.stringify(object), deadline.signal), deadline.signal);
    return readAnswer(answer);
  } catch (error) {
    if (error instanceof WrongAnswer) throw error;
    const why = deadline.signal.aborted ? "context deadline exceeded" : goReadError(error);
    throw new Error(`Post ${JSON.stringify(printUrl(config, url))}: ${why}`, { cause: error });
  } finally {
    stop();
    socket?.destroy();
  }
}

/** An answer came, and it is of no use. */
class WrongAnswer extends Error {}

async function send(
  socket: Socket,
  { host, pathname, search }: URL,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = {
    host,
    accept: "application/json, */*",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "kube-apiserver-admission",
    connection: "close",
  };
  const sent = { method: "POST", path: pathname + search, headers, body, signal } as const;
  const { answer } = await sendRequest(socket, sent);
  return { status: answer.statusCode ?? 0, text: await readText(answer as AsyncIterable<Buffer>) };
}

/** transformResponse of https://github.com/kubernetes/client-go/blob/v0.36.3/rest/request.go */
function readAnswer({ status, text }: { readonly status: number; readonly text: string }): JsonObject {
  const object = parse(text);
  if (status >= 200 && status <= 206) {
    if (object !== undefined) return object;
    throw new WrongAnswer(
      text.trim() === ""
        ? "unexpected end of JSON input"
        : "couldn't get version/kind; json parse error: the body is no JSON object",
    );
  }
  if (object?.["kind"] === "Status" && typeof object["message"] === "string")
    throw new WrongAnswer(object["message"]);
  throw new WrongAnswer(genericMessage(status, text));
}

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** NewGenericServerResponse of https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/errors/errors.go */
function genericMessage(status: number, text: string): string {
  const known = messages[status];
  if (known !== undefined) return known;
  const shown = JSON.stringify(text.trim() === "" ? "unknown" : text.trim());
  if (status >= 500) return `an error on the server (${shown}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}

const messages: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  403: "unknown",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};
