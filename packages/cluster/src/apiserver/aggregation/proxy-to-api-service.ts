import type { Duplex } from "node:stream";
import type { ApiRequest, ApiResponse, UserInfo } from "@seaworthy/client";
import { isConditionTrue } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { thisProcess } from "../authentication/users.ts";
import { goReadError } from "../http/go-network-error.ts";
import { passOn } from "../http/passed-on.ts";
import { textResponse } from "../http/responses.ts";
import { asksForUpgrade, upgradeResponse } from "../http/upgrade.ts";
import { forwardedHeaders, sendRequest, withoutHops, type Received } from "../proxy/send-request.ts";
import type { RemoteApiService } from "./api-service.ts";
import { dialApiService } from "./dial-api-service.ts";
import { remoteUserHeaders, withoutRemoteUser } from "./remote-user-headers.ts";

/**
 * Passes a request on to the server of an APIService, and its answer back as a stream. What that server is to be told of who asks,
 * this one says; what a client says of it himself is dropped.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/apiserver/handler_proxy.go
 */
export async function proxyToApiService(
  context: ApiContext,
  apiService: RemoteApiService,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (!isConditionTrue(apiService, "Available")) return refused("service unavailable");
  const { signal = new AbortController().signal, method, body } = request;
  const query = request.query.size === 0 ? "" : `?${request.query.toString()}`;
  const headers = headersFor(request, context.user ?? thisProcess, apiService);
  const kept = body === undefined ? {} : { body };
  try {
    const socket = await dialApiService(context, apiService, signal);
    const sent = { method, path: request.path + query, headers, signal, ...kept };
    return received(await sendRequest(socket, sent));
  } catch (error) {
    return refused(`error trying to reach service: ${goReadError(error)}`);
  }
}

function headersFor(
  request: ApiRequest,
  user: UserInfo,
  { spec: { service } }: RemoteApiService,
): Record<string, string | string[]> {
  const { upgrade } = request.headers;
  const hop =
    asksForUpgrade(request) && upgrade !== undefined
      ? { connection: "Upgrade", upgrade }
      : { connection: "close" };
  return {
    ...withoutRemoteUser(forwardedHeaders(request, request.path)),
    ...remoteUserHeaders(user),
    host: `${service.name}.${service.namespace}.svc`,
    ...hop,
  };
}

function received({ answer, upgraded }: Received): ApiResponse {
  if (upgraded === undefined) {
    const { "transfer-encoding": _encoding, ...headers } = withoutHops(answer.headers);
    return passOn(answer.statusCode ?? 502, headers, answer as AsyncIterable<Buffer>);
  }
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    name === "connection" ? [] : [value ?? []].flat().map((each) => [name, each] as const),
  );
  return upgradeResponse({
    kind: "stream",
    headers,
    run(client) {
      if (upgraded.head.length > 0) client.write(upgraded.head);
      join(client, upgraded.socket);
    },
  });
}

/** Each gets what the other says; the end of one is the end of both. */
function join(left: Duplex, right: Duplex): void {
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.once("close", () => to.destroy());
  }
}

/** As Go's http.Error writes it, which is plain text. */
function refused(message: string): ApiResponse {
  const answer = textResponse(503, `${message}\n`);
  return { ...answer, headers: { ...answer.headers, "x-content-type-options": "nosniff" } };
}
