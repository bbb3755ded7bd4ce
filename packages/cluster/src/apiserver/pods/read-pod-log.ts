import type { Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { mustFind } from "../verbs/handle-object.ts";
import type { ObjectRoute } from "../resource.ts";
import type { LogRequest } from "../../log-source.ts";
import { streamResponse, textResponse } from "../http/responses.ts";
import { badRequest } from "../http/status-error.ts";
import { chooseContainer } from "./choose-container.ts";

/** GET of `pods/{name}/log`. */
export async function readPodLog(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { query } = request;
  const pod = mustFind(context, route).object as Pod;
  const container = chooseContainer(pod, query.get("container") ?? "");
  const previous = query.get("previous") === "true";
  if ((pod.spec.nodeName ?? "") === "") return textResponse(200, "");
  checkHasLog(pod, container, previous);
  // When the reader stops, the source must stop too, whether or not the request has a signal.
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
  const options: LogRequest = {
    container,
    previous,
    follow: query.get("follow") === "true",
    timestamps: query.get("timestamps") === "true",
    ...numberField(query, "tailLines"),
    ...numberField(query, "limitBytes"),
    ...sinceField(query, context.clock.now()),
    signal,
  };
  const lines = context.kubelet.readLog(route.namespace ?? "", route.name, options);
  return streamResponse("text/plain", stopping(lines, stop));
}

async function* stopping(lines: AsyncIterable<string>, stop: AbortController): AsyncIterable<string> {
  try {
    yield* lines;
  } finally {
    stop.abort();
  }
}

/** validateContainerLogStatus of https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet_pods.go */
function checkHasLog({ metadata, status }: Pod, container: string, previous: boolean): void {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const found = all.find(({ name }) => name === container);
  const named = `container "${container}" in pod "${metadata.name}"`;
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

function numberField(query: URLSearchParams, name: "tailLines" | "limitBytes"): Partial<LogRequest> {
  const text = query.get(name);
  if (text === null) return {};
  const value = Number(text);
  const least = name === "limitBytes" ? 1 : 0;
  if (!Number.isInteger(value) || value < least) {
    throw badRequest(
      `PodLogOptions is invalid: ${name}: Invalid value: ${text}: must be greater than ${least === 1 ? "" : "or equal to "}0`,
    );
  }
  return { [name]: value };
}

function sinceField(query: URLSearchParams, nowMs: number): Partial<LogRequest> {
  const seconds = query.get("sinceSeconds");
  if (seconds !== null) {
    if (!(Number(seconds) >= 1))
      throw badRequest("PodLogOptions is invalid: sinceSeconds: Invalid value: must be greater than 0");
    return { sinceSeconds: Number(seconds) };
  }
  const time = query.get("sinceTime");
  if (time === null) return {};
  const since = Date.parse(time);
  if (Number.isNaN(since)) throw badRequest(`PodLogOptions is invalid: sinceTime: Invalid value: ${time}`);
  return { sinceSeconds: Math.max(0, (nowMs - since) / 1000) };
}
