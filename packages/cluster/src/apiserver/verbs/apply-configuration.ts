import type { ApiRequest } from "@seaworthy/client";
import {
  applyConfiguration,
  ApplyConflict,
  InvalidConfiguration,
  timestamp,
  type Applied,
  type KubeObject,
  type OwnershipRules,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { parseConfiguration } from "../http/parse-body.ts";
import { applyConflict, badRequest, StatusError } from "../http/status-error.ts";
import type { WriteQuery } from "./write-request.ts";

/** What a server-side apply makes of an object, and what to warn its client of. */
export interface AppliedConfiguration extends Applied {
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration of a server-side apply. The function that it returns merges it into an object, or into nothing, and
 * refuses in Kubernetes' words.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/endpoints/handlers/patch.go (applyPatcher)
 */
export function configurationApplier(
  { clock }: ApiContext,
  rules: OwnershipRules,
  request: ApiRequest,
  { manager, force, fieldValidation }: WriteQuery,
): (live: KubeObject | undefined) => AppliedConfiguration {
  const { value, repeatedKeys } = parseConfiguration(request);
  const config = asConfiguration(value);
  return (live) => {
    checkKind(config, rules);
    if (managedFieldsOf(config) != null) throw badRequest("metadata.managedFields must be nil");
    const now = timestamp(clock.now());
    const applied = refusing(() => applyConfiguration(rules, { live, config, manager, force, now }));
    if (repeatedKeys.length > 0 && fieldValidation === "Strict") {
      const keys = repeatedKeys.map((key) => `\n  ${key}`).join("");
      throw badRequest(
        `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:${keys}`,
      );
    }
    return { ...applied, warnings: fieldValidation === "Warn" ? repeatedKeys : [] };
  };
}

type Configuration = Record<string, unknown>;

function asConfiguration(value: unknown): Configuration {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Configuration;
  // An empty body is an object without a kind.
  if (value === null || value === undefined) return {};
  const type = { string: "string", number: "number", boolean: "bool" }[typeof value as string] ?? "array";
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
  );
}

function checkKind(config: Configuration, rules: OwnershipRules): void {
  const [apiVersion, kind] = [textOf(config["apiVersion"]), textOf(config["kind"])];
  if (apiVersion === rules.apiVersion && kind === rules.kind) return;
  const version = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  throw badRequest(`invalid object type: ${version}, Kind=${kind}`);
}

function managedFieldsOf({ metadata }: Configuration): unknown {
  return (metadata as { readonly managedFields?: unknown } | undefined | null)?.managedFields;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function refusing(apply: () => Applied): Applied {
  try {
    return apply();
  } catch (error) {
    if (error instanceof ApplyConflict) throw applyConflict(error.message, error.causes);
    // Kubernetes gives neither a reason nor details.
    if (error instanceof InvalidConfiguration) throw new StatusError(500, "", error.message);
    throw error;
  }
}
