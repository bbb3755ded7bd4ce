import { containerStatusesOf, type Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { mustFind } from "../must-find.ts";
import type { ObjectRoute } from "../resource.ts";
import { streamResponse, textResponse } from "../http/responses.ts";
import { badRequest } from "../http/status-error.ts";
import { asksForWebSocket } from "../http/upgrade.ts";
import { streamOverWebSocket } from "../websocket/stream-over-websocket.ts";
import { chooseContainer } from "./choose-container.ts";
import { readLogOptions } from "./read-log-options.ts";

/** GET of `pods/{name}/log`. */
export async function readPodLog(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { query } = request;
  const options = readLogOptions(query, route.name, context.clock.now());
  const pod = mustFind(context, route).object as Pod;
  const container = chooseContainer(pod, query.get("container") ?? "");
  if ((pod.spec.nodeName ?? "") === "") return textResponse(200, "");
  checkHasLog(pod, container, options.previous);
  // When the reader stops, the source must stop too, whether or not the request has a signal.
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const lines = context.kubelet.readLog(route.namespace ?? "", route.name, { ...options, container, signal });
  const stopped = stopping(lines, stop);
  return asksForWebSocket(request)
    ? streamOverWebSocket(request, stopped)
    : streamResponse("text/plain", stopped);
}

async function* stopping(lines: AsyncIterable<string>, stop: AbortController): AsyncIterable<string> {
  try {
    yield* lines;
  } finally {
    stop.abort();
  }
}

/** validateContainerLogStatus of https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go */
function checkHasLog(pod: Pod, container: string, previous: boolean): void {
  const found = containerStatusesOf(pod).find(({ name }) => name === container);
  const named = `container "${container}" in pod "${pod.metadata.name}"`;
  if (found === undefined) throw badRequest(`${named} is not available`);
  const last = found.lastState?.terminated;
  if (previous) {
    if (last === undefined) throw badRequest(`previous terminated ${named} not found`);
    return;
  }
  const { running, terminated, waiting } = found.state ?? {};
  if (running !== undefined || terminated !== undefined || last !== undefined) return;
  const reason = waiting?.reason === undefined ? " - no logs yet" : `: ${waitingText(waiting.reason)}`;
  throw badRequest(`${named} is waiting to start${reason}`);
}

function waitingText(reason: string): string {
  if (reason === "ErrImagePull") return "image can't be pulled";
  return reason === "ImagePullBackOff" ? "trying and failing to pull image" : reason;
}
