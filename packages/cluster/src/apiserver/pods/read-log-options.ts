import { forbiddenValue, invalidValue, timeError, type FieldError } from "@seaworthy/kube";
import type { LogRequest } from "../../log-source.ts";
import { readBoolean, readInteger } from "../http/query-options.ts";
import { badRequest, refuseInvalid } from "../http/status-error.ts";

/** What is asked of a log, whatever the container. */
export type LogOptions = Omit<LogRequest, "container" | "signal">;

/**
 * Reads PodLogOptions of core/v1: 400 for what cannot be read, 422 for what makes no sense.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go (ValidatePodLogOptions)
 */
export function readLogOptions(query: URLSearchParams, podName: string, nowMs: number): LogOptions {
  const tailLines = readInteger(query, "tailLines");
  const limitBytes = readInteger(query, "limitBytes");
  const sinceSeconds = readInteger(query, "sinceSeconds");
  const sinceTime = readTime(query.get("sinceTime") ?? "");
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0)
    errors.push(invalidValue("tailLines", tailLines, "must be greater than or equal to 0"));
  if (limitBytes !== undefined && limitBytes < 1)
    errors.push(invalidValue("limitBytes", limitBytes, "must be greater than 0"));
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    errors.push(forbiddenValue("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    errors.push(invalidValue("sinceSeconds", sinceSeconds, "must be greater than 0"));
  // PodLogsQuerySplitStreams is alpha.
  if (query.has("stream")) errors.push(forbiddenValue("stream", "may not be specified"));
  refuseInvalid({ group: "", plural: "podlogoptions", kind: "PodLogOptions" }, podName, errors);
  const sinceMs = sinceSeconds === undefined ? sinceTime : nowMs - sinceSeconds * 1000;
  return {
    previous: readBoolean(query, "previous"),
    follow: readBoolean(query, "follow"),
    timestamps: readBoolean(query, "timestamps"),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
}

function readTime(text: string): number | undefined {
  if (text === "") return undefined;
  const wrong = timeError(text, 0);
  if (wrong !== undefined) throw badRequest(wrong);
  return Date.parse(text);
}
