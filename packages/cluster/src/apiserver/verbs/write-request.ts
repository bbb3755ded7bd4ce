import { invalidValue, type FieldError, type JsonObject } from "@seaworthy/kube";
import type { ApiRequest } from "@seaworthy/client";
import type { FieldValidation } from "../decoding/decode-object.ts";
import { invalid } from "../http/status-error.ts";
import { applyMediaType, mediaTypeOf } from "../http/parse-body.ts";

/** What the query of a write says. */
export interface WriteQuery {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Who writes: the `fieldManager` that the request names, or the beginning of its User-Agent; may be empty. */
  readonly manager: string;
  /** Whether an apply takes fields from others. */
  readonly force: boolean;
  /** The parameters that the request has, as its options. */
  readonly sent: JsonObject;
}

/**
 * Reads the query parameters that all writes share, or refuses them.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/v1/validation/validation.go
 */
export function readWriteQuery(request: ApiRequest): WriteQuery {
  const { query, headers } = request;
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  const fieldValidation = query.get("fieldValidation") ?? "";
  const fieldManager = query.get("fieldManager") ?? "";
  const errors = [
    ...(request.method === "DELETE" ? [] : managerErrors(request, fieldManager)),
    ...dryRunErrors(dryRun),
    ...(isFieldValidation(fieldValidation)
      ? []
      : [notSupported("fieldValidation", fieldValidation, validations)]),
  ];
  if (errors.length > 0) {
    const kind = optionKinds[request.method] ?? "UpdateOptions";
    throw invalid({ group: "meta.k8s.io", plural: "", kind }, "", errors);
  }
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: isFieldValidation(fieldValidation) && fieldValidation !== "" ? fieldValidation : "Warn",
    manager: fieldManager === "" ? managerOfUserAgent(headers["user-agent"] ?? "") : fieldManager,
    force: isTrue(query.get("force")),
    sent: {
      ...(dryRun.length === 0 ? {} : { dryRun }),
      ...(fieldManager === "" ? {} : { fieldManager }),
      ...(fieldValidation === "" ? {} : { fieldValidation }),
    },
  };
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: "CreateOptions",
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
  DELETE: "DeleteOptions",
};

/** How long the name of a manager may be, in bytes. */
const longestManager = 128;

function* managerErrors({ method, query, headers }: ApiRequest, manager: string): Generator<FieldError> {
  const isApply = method === "PATCH" && mediaTypeOf(headers) === applyMediaType;
  if (isApply && manager === "") {
    const message = "Required value: is required for apply patch";
    yield { reason: "FieldValueRequired", field: "fieldManager", message };
  }
  if (method === "PATCH" && !isApply && query.has("force")) {
    const message = "Forbidden: may not be specified for non-apply patch";
    yield { reason: "FieldValueForbidden", field: "force", message };
  }
  if (Buffer.byteLength(manager) > longestManager) {
    const message = `Too long: may not be more than ${longestManager} bytes`;
    yield { reason: "FieldValueTooLong", field: "fieldManager", message };
  }
  if (manager === "") return;
  for (const { 0: character, index } of manager.matchAll(unprintable)) {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const position = Buffer.byteLength(manager.slice(0, index));
    yield invalidValue("fieldManager", manager, `invalid character U+${code} (at position ${position})`);
  }
}

/** What Go's unicode.IsPrint does not take: all but letters, marks, numbers, punctuation, symbols, and the space. */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** prefixFromUserAgent of https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/endpoints/handlers/create.go */
function managerOfUserAgent(userAgent: string): string {
  const plain = /^([ -.0-~]{0,128})(?:\/|$)/.exec(userAgent);
  if (plain !== null) return plain[1] ?? "";
  let manager = "";
  for (const character of (userAgent.split("/")[0] ?? "").replaceAll(unprintable, "")) {
    if (Buffer.byteLength(manager + character) > longestManager) break;
    manager += character;
  }
  return manager;
}

function dryRunErrors(dryRun: readonly string[]): FieldError[] {
  return dryRun.every((value) => value === "All") ? [] : [notSupported("dryRun", dryRun, ["All"])];
}

const validations = ["", "Ignore", "Strict", "Warn"] as const;

function isFieldValidation(value: string): value is (typeof validations)[number] {
  return (validations as readonly string[]).includes(value);
}

function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const values = supported.map((text) => JSON.stringify(text)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`;
  return { reason: "FieldValueNotSupported", field, message };
}

/** Any value of a query parameter is true but `false` and `0`. */
function isTrue(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== "false" && value !== "0";
}
