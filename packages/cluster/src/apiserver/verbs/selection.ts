import {
  matchesFieldSelector,
  matchesLabelSelector,
  parseFieldSelector,
  parseLabelSelector,
  type FieldRequirement,
  type LabelSelector,
} from "@seaworthy/kube";
import { selectableFields, startOf, type Resource } from "../resource.ts";
import { badRequest } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";

/** Which objects of a collection a list or a watch is about. */
export interface Selection {
  /** Whether anything beside the namespace is selected. */
  readonly filters: boolean;
  /** The one name that an object must have to be selected, if a selector says so. */
  readonly name: string | undefined;
  matches(stored: StoredObject): boolean;
}

/** Reads the selectors of a request. */
export function readSelection(
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
): Selection {
  const labels = readLabels(query.get("labelSelector") ?? "");
  const fields = readFields(resource, query.get("fieldSelector") ?? "");
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  const all = labels === undefined && fields.length === 0;
  return {
    filters: !all,
    name: fields.find(({ field, operator }) => field === "metadata.name" && operator === "=")?.value,
    matches(stored) {
      if (!stored.key.startsWith(prefix)) return false;
      if (labels !== undefined && !matchesLabelSelector(labels, stored.object.metadata.labels)) return false;
      if (fields.length === 0) return true;
      const values = selectableFields(resource, startOf(resource, stored));
      return matchesFieldSelector(fields, (field) => values[field]);
    },
  };
}

function readLabels(text: string): LabelSelector | undefined {
  if (text === "") return undefined;
  try {
    return parseLabelSelector(text);
  } catch (error) {
    // The API server says what it found, and leaves out in what.
    const { message } = error as Error;
    throw badRequest(`unable to parse requirement: ${message.replace(/^.* is not a label selector: /s, "")}`);
  }
}

function readFields(resource: Resource, text: string): FieldRequirement[] {
  if (text === "") return [];
  let requirements: FieldRequirement[];
  try {
    requirements = parseFieldSelector(text);
  } catch {
    throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  }
  const known = selectableNames(resource);
  for (const { field } of requirements) {
    if (known.has(field)) continue;
    throw badRequest(
      resource.selectableFields === undefined && resource.type.isCustom !== true
        ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    );
  }
  return requirements;
}

const nothing = { apiVersion: "", kind: "", metadata: { name: "" }, spec: {}, status: {} };

function selectableNames(resource: Resource): ReadonlySet<string> {
  return new Set(Object.keys(selectableFields(resource, nothing)));
}
