import type { ApiContext } from "../api-context.ts";
import { goReadError } from "../http/go-network-error.ts";
import { raced } from "../http/raced.ts";
import { readText } from "../http/read-text.ts";
import { sendRequest } from "../proxy/send-request.ts";
import { dialApiService } from "./dial-api-service.ts";
import type { RemoteApiService } from "./api-service.ts";
import { remoteUserHeaders } from "./remote-user-headers.ts";

/** What the server of an APIService answered. */
export interface RemoteAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Who asks for discovery: by his group he may read it on any server. */
const aggregator = { username: "system:kube-aggregator", groups: ["system:masters"] };
const timeoutMs = 5_000;

/** Asks the server of an APIService for something that this server itself wants to know, for 5 s at most. */
export async function askApiService(
  context: ApiContext,
  apiService: RemoteApiService,
  path: string,
  accept = "application/json",
): Promise<RemoteAnswer> {
  const deadline = new AbortController();
  const { signal } = deadline;
  const stop = context.processClock.after(timeoutMs, () => deadline.abort());
  const { name, namespace } = apiService.spec.service;
  const headers = {
    ...remoteUserHeaders(aggregator),
    host: `${name}.${namespace}.svc`,
    accept,
    "user-agent": "kube-apiserver",
    connection: "close",
  };
  const ask = async (): Promise<RemoteAnswer> => {
    const socket = await dialApiService(context, apiService, signal);
    signal.addEventListener("abort", () => socket.destroy());
    try {
      const { answer } = await sendRequest(socket, { method: "GET", path, headers, signal });
      const { "content-type": contentType = "" } = answer.headers;
      const text = await readText(answer as AsyncIterable<Buffer>);
      return { status: answer.statusCode ?? 0, contentType, text };
    } finally {
      socket.destroy();
    }
  };
  try {
    return await raced(ask(), signal);
  } catch (error) {
    const why = signal.aborted
      ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
      : goReadError(error);
    throw new Error(why, { cause: error });
  } finally {
    stop();
  }
}
