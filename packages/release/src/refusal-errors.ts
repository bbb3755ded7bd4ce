import type { ApiError } from "@seaworthy/client";
import { SeaworthyError } from "@seaworthy/errors";
import {
  formatObjectName,
  parseFieldPath,
  valueAtField,
  type FieldPath,
  type KubeObject,
} from "@seaworthy/kube";
import type { Appliable } from "./apply-manifests.ts";

/**
 * A refusal by the Kubernetes API, in its words, at the place of the field that it names: one error, or an AggregateError
 * when it names several fields.
 */
export function refusalErrors(error: ApiError, manifest: Appliable): Error {
  const name = formatObjectName(manifest.object);
  const causes = new Map(
    (error.status.details?.causes ?? [])
      .filter(({ field }) => field !== undefined)
      .map((cause) => [`${cause.field}: ${cause.message ?? ""}`, cause]),
  );
  const errors = [...causes].map(([text, { field = "", message = "" }]) => {
    const path = writtenPath(manifest.object, field, message);
    return refusal(error, name, text, { field, place: manifest.locate?.(path) });
  });
  if (errors.length > 1) return new AggregateError(errors, `the Kubernetes API refused ${name}`);
  return errors[0] ?? refusal(error, name, error.message, { place: manifest.locate?.([]) });
}

function refusal(
  error: ApiError,
  name: string,
  text: string,
  where: Pick<SeaworthyError["details"], "field" | "place">,
): SeaworthyError {
  const message = `the Kubernetes API refused ${name}: ${text}`;
  return new SeaworthyError("SW3001", message, { ...error.details, ...where, object: name, cause: error });
}

/** Kubernetes names some fields otherwise than they are written, or names one that it made out of another. */
const spellings: readonly (readonly [named: RegExp, written: string])[] = [
  [/^(spec\.template)\.(labels|annotations)/, "$1.metadata.$2"],
  [/^annotations\.(kubernetes\.io\/ingress\.class)$/, "metadata.annotations[$1]"],
  [/^metadata\.taints/, "spec.taints"],
  [/^spec\.LoadBalancerSourceRanges/, "spec.loadBalancerSourceRanges"],
  [/^spec\.clusterIPs(\[0\])?$/, "spec.clusterIP"],
  [/^data\[/, "stringData["],
];

function writtenPath(object: KubeObject, field: string, message: string): FieldPath {
  const named = parseFieldPath(field);
  const others = spellings
    .filter(([expression]) => expression.test(field))
    .map(([expression, written]) => parseFieldPath(field.replace(expression, written)));
  const path =
    [named, ...others].find((each) => valueAtField(object, each) !== undefined) ?? others[0] ?? named;
  return [...path, ...entryOf(valueAtField(object, path), message)];
}

/** Of a map of labels Kubernetes shows the key or the value that is wrong, and names the map. */
function entryOf(value: unknown, message: string): string[] {
  const shown = /^[A-Z][a-z]+ value: ("(?:[^"\\]|\\.)*")/.exec(message)?.[1];
  if (shown === undefined || typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const wrong = unquote(shown);
  const entry = Object.entries(value).find(([key, item]) => key === wrong || item === wrong);
  return entry === undefined ? [] : [entry[0]];
}

function unquote(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Go quotes control characters in ways that JSON does not know: then the map itself is shown.
    return undefined;
  }
}
