import {
  applyDefaults,
  decodingError,
  deepEqual,
  invalidValue,
  isPlainObject,
  validateObject,
  type JsonObject,
  type KubeObject,
} from "@seaworthy/kube";
import type { Resource } from "../resource.ts";
import { badRequest, invalid } from "../http/status-error.ts";
import { unknownOnly, type StrictFindings } from "./strict-findings.ts";

/** What to do with fields that Kubernetes does not know, or that stand twice. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** An object as a client sent it, with its defaults, and what to warn the client of. */
export interface Decoded {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/**
 * Turns a parsed body into an object of the resource: right kind, known fields, defaults, in the version that is stored.
 * The fields that it shares with an object that is `known` have been looked at before, and are not again.
 */
export function decodeObject(
  body: unknown,
  resource: Resource,
  validation: FieldValidation,
  findings: StrictFindings = unknownOnly,
  known: JsonObject = {},
): Decoded {
  const { kind } = resource.type;
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  if (body["kind"] !== undefined && body["kind"] !== kind && resource.type.isCustom === true)
    throw wrongKind(resource, body);
  if (body["kind"] !== undefined && body["kind"] !== kind) {
    const sent = `${String(body["kind"])} in version "${versionOf(body["apiVersion"])}"`;
    throw badRequest(
      `${sent} cannot be handled as a ${kind}: converting (v1.${String(body["kind"])}) to (${kind}): unknown conversion`,
    );
  }
  if (body["apiVersion"] !== undefined && body["apiVersion"] !== resource.type.apiVersion) {
    const versions = `(${String(body["apiVersion"])}) does not match the expected API version (${resource.type.apiVersion})`;
    throw badRequest(`the API version in the data ${versions}`);
  }
  const isPlain = isPlainObject(resource.type.apiVersion, kind, body, known);
  const undecodable = isPlain ? undefined : decodingError(resource.type.apiVersion, kind, body);
  if (undecodable !== undefined) throw badRequest(`${cannotBeHandled(resource)}: ${undecodable}`);
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = body;
  const head = { kind, apiVersion: resource.type.apiVersion, metadata: isRecord(metadata) ? metadata : {} };
  const object = { ...head, ...rest } as unknown as KubeObject;
  const fieldWarnings =
    resource.type.prune === undefined
      ? checkFields(object, resource, validation, findings, isPlain)
      : pruneFields(object, resource, validation, findings);
  const warnings = [...fieldWarnings, ...ownerWarnings(object)];
  const whole = applyDefaults(object, resource.type, known);
  return {
    object: (resource.type.convert?.(whole, resource.storedAs) as KubeObject | undefined) ?? whole,
    warnings,
  };
}

/** A custom object of another kind is read before anybody looks at its kind. */
function wrongKind({ type }: Resource, body: Record<string, unknown>): Error {
  const { name = "" } = (body["metadata"] ?? {}) as { readonly name?: string };
  const sent = String(body["kind"]);
  return invalid({ ...type, kind: sent }, name, [invalidValue("kind", sent, `must be ${type.kind}`)]);
}

/** Takes unknown fields out, as Kubernetes does not store them. */
function checkFields(
  object: KubeObject,
  resource: Resource,
  validation: FieldValidation,
  findings: StrictFindings,
  isPlain: boolean,
): readonly string[] {
  const problems = isPlain ? [] : validateObject(object);
  const unknown = problems.filter((problem) => problem.kind === "unknown-field");
  const texts = findings(
    unknown.map(({ field }) => field),
    validation,
  );
  if (validation === "Strict" && texts.length > 0)
    throw badRequest(`${cannotBeHandled(resource)}: strict decoding error: ${texts.join(", ")}`);
  for (const { path } of unknown) removeField(object, path);
  return validation === "Warn" ? texts : [];
}

/** The same for kinds that bring their schema with them, and for what defines them. */
function pruneFields(
  object: KubeObject,
  resource: Resource,
  validation: FieldValidation,
  findings: StrictFindings,
): readonly string[] {
  const { unknown = [], wrong } = resource.type.prune?.(object) ?? {};
  if (wrong !== undefined) throw badRequest(`${cannotBeHandled(resource)}: ${wrong}`);
  const texts = findings(unknown, validation);
  if (validation === "Strict" && texts.length > 0)
    throw badRequest(`${cannotBeHandled(resource)}: strict decoding error: ${texts.join(", ")}`);
  return validation === "Warn" ? texts : [];
}

function cannotBeHandled({ type: { kind, version } }: Resource): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}`;
}

/** An owner that is named twice is stored once. */
function ownerWarnings({ metadata }: KubeObject): string[] {
  const owners = metadata.ownerReferences ?? [];
  const repeated = owners.filter((owner, index) =>
    owners.slice(0, index).some((earlier) => deepEqual(earlier, owner)),
  );
  if (repeated.length === 0) return [];
  const uids = repeated.map(({ uid }) => uid).join(", ");
  return [
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  ];
}

function removeField(object: unknown, path: readonly (string | number)[]): void {
  let holder = object as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  delete holder[path.at(-1) ?? ""];
}

function versionOf(apiVersion: unknown): string {
  return String(apiVersion).split("/").at(-1) ?? "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
