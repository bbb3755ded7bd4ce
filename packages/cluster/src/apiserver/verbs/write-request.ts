import type { ApiRequest } from "@seaworthy/client";
import type { FieldValidation } from "./decode-object.ts";
import { badRequest, StatusError } from "../http/status-error.ts";

/** What the query of a write says. */
export interface WriteQuery {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

/** Reads the query parameters that all writes share. */
export function readWriteQuery({ query }: ApiRequest): WriteQuery {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  const unknown = dryRun.find((value) => value !== "All");
  if (unknown !== undefined) {
    const message = `Unsupported value: ${JSON.stringify([unknown])}: supported values: "All"`;
    throw new StatusError(422, "Invalid", `WriteOptions.meta.k8s.io "" is invalid: dryRun: ${message}`, {
      group: "meta.k8s.io",
      kind: "WriteOptions",
      causes: [{ reason: "FieldValueNotSupported", message, field: "dryRun" }],
    });
  }
  const fieldValidation = query.get("fieldValidation") ?? "Warn";
  if (fieldValidation !== "Strict" && fieldValidation !== "Warn" && fieldValidation !== "Ignore") {
    throw badRequest(
      `fieldValidation: Unsupported value: "${fieldValidation}": supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  return { dryRun: dryRun.length > 0, fieldValidation };
}
