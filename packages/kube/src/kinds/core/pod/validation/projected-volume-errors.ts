import type {
  V1DownwardAPIVolumeFile,
  V1KeyToPath,
  V1ProjectedVolumeSource,
  V1VolumeProjection,
} from "@kubernetes/client-node";
import type { Wire } from "../../../../object.ts";
import { forbiddenValue, invalidValue, requiredValue, type FieldErrors } from "../../../field-error.ts";
import { fieldRefErrors, resourceFieldRefErrors, volumePaths } from "./env-errors.ts";
import { localPathErrors } from "./path-errors.ts";

type Projection = Wire<V1VolumeProjection>;

/** What is wrong with a volume that is put together from several sources. */
export function* projectedErrors(field: string, projected: Wire<V1ProjectedVolumeSource>): FieldErrors {
  yield* modeErrors(`${field}.defaultMode`, projected.defaultMode);
  const paths = new Set<string>();
  for (const [index, source] of (projected.sources ?? []).entries()) {
    const at = `${field}.sources[${index}]`;
    yield* keySourceErrors(field, at, source, paths);
    for (const file of source.downwardAPI?.items ?? []) {
      yield* downwardErrors(`${at}.downwardAPI`, file);
      yield* pathConflict(field, file.path, paths, file.path);
    }
    if (source.serviceAccountToken !== undefined)
      yield* tokenErrors(field, `${at}.serviceAccountToken`, source.serviceAccountToken);
    const count = sourceTypes.filter((type) => source[type] !== undefined).length;
    if (count > 1) yield forbiddenValue(at, "may not specify more than 1 volume type per source");
  }
}

/** Those that the gates of a v1.36 server let pass; the others are dropped before validation. */
const sourceTypes = ["secret", "configMap", "downwardAPI", "serviceAccountToken"] as const;

function* keySourceErrors(field: string, at: string, source: Projection, paths: Set<string>): FieldErrors {
  for (const kind of ["secret", "configMap"] as const) {
    const reference = source[kind];
    if (reference === undefined) continue;
    const { name = "" } = reference;
    if (name === "") yield requiredValue(`${at}.${kind}.name`);
    for (const [index, item] of (reference.items ?? []).entries()) {
      yield* oneKeyToPathErrors(`${at}.${kind}.items[${index}]`, item);
      yield* pathConflict(field, (item as Partial<typeof item>).path, paths, name);
    }
  }
}

function* pathConflict(
  field: string,
  path: string | undefined,
  paths: Set<string>,
  shown: string,
): FieldErrors {
  if (path === undefined || path === "") return;
  if (paths.has(path)) yield invalidValue(field, shown, "conflicting duplicate paths");
  paths.add(path);
}

function* tokenErrors(
  field: string,
  at: string,
  token: NonNullable<Projection["serviceAccountToken"]>,
): FieldErrors {
  const { expirationSeconds = 3600, path = "" } = token as Partial<typeof token>;
  if (expirationSeconds < 600)
    yield invalidValue(
      `${at}.expirationSeconds`,
      expirationSeconds,
      "may not specify a duration less than 10 minutes",
    );
  if (expirationSeconds > 2 ** 32)
    yield invalidValue(
      `${at}.expirationSeconds`,
      expirationSeconds,
      "may not specify a duration larger than 2^32 seconds",
    );
  if (path === "") yield requiredValue(`${field}.path`);
  else yield* localPathErrors(`${field}.path`, path);
}

/** What is wrong with the keys that become files. */
export function* keyToPathErrors(
  field: string,
  items: readonly Wire<V1KeyToPath>[] | undefined,
): FieldErrors {
  for (const [index, item] of (items ?? []).entries()) yield* oneKeyToPathErrors(`${field}[${index}]`, item);
}

function* oneKeyToPathErrors(field: string, item: Wire<V1KeyToPath>): FieldErrors {
  const { key = "", path = "", mode } = item as Partial<typeof item>;
  if (key === "") yield requiredValue(`${field}.key`);
  if (path === "") yield requiredValue(`${field}.path`);
  yield* localPathErrors(`${field}.path`, path);
  yield* modeErrors(`${field}.mode`, mode);
}

/** What is wrong with a file that tells of the pod itself. */
export function* downwardErrors(field: string, file: Wire<V1DownwardAPIVolumeFile>): FieldErrors {
  const { path = "" } = file as Partial<typeof file>;
  if (path === "") yield requiredValue(`${field}.path`);
  yield* localPathErrors(`${field}.path`, path);
  if (file.fieldRef !== undefined) {
    yield* fieldRefErrors(`${field}.fieldRef`, file.fieldRef, volumePaths);
    if (file.resourceFieldRef !== undefined)
      yield invalidValue(
        field,
        "resource",
        "fieldRef and resourceFieldRef can not be specified simultaneously",
      );
  } else if (file.resourceFieldRef !== undefined) {
    yield* resourceFieldRefErrors(`${field}.resourceFieldRef`, file.resourceFieldRef, true);
  } else {
    yield requiredValue(field, "one of fieldRef and resourceFieldRef is required");
  }
  yield* modeErrors(`${field}.mode`, file.mode);
}

/** What is wrong with the permissions of a file. */
export function* modeErrors(field: string, mode: number | undefined): FieldErrors {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    yield invalidValue(field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
}
