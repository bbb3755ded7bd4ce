import type { ApiRequest, Transport } from "@seaworthy/client";
import type { KubeObject, ServedType } from "@seaworthy/kube";

/** Where the samples of namespaced kinds are made. */
export const sampleNamespace = "samples";

/** What an API server makes of a sample, and how it lets it be written. */
export interface SampleAnswer {
  /** The object as it was answered, without what differs from creation to creation. */
  readonly created: unknown;
  readonly columns: readonly (readonly [name: string, type: string, format: string, priority: number])[];
  readonly row: readonly unknown[];
  /** The generation after a label, an annotation and a spec of other numbers; absent where there is none. */
  readonly generations: readonly unknown[];
  /** The codes of a PUT without a resourceVersion, of a PUT of a name that is not there, and of GET …/status. */
  readonly codes: readonly number[];
  /** What kind DELETE answers. */
  readonly deleted: string;
}

/** Makes a sample, asks about it, and takes it away. */
export async function askSample(
  transport: Transport,
  type: ServedType,
  sample: KubeObject,
): Promise<SampleAnswer> {
  const path = collectionPath(type);
  const ask = async (
    method: ApiRequest["method"],
    at: string,
    body?: unknown,
    accept = "application/json",
  ) => {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const { status, body: text } = await transport({
      method,
      path: at,
      query: new URLSearchParams(),
      headers: { accept, ...(body === undefined ? {} : { "content-type": contentType }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { code: status, json: readJson(text as string) };
  };
  const object = JSON.parse(JSON.stringify(sample).replaceAll("NAMESPACE", sampleNamespace)) as KubeObject;
  const self = `${path}/${object.metadata.name}`;
  const created = await ask("POST", path, object);
  if (created.code !== 201)
    throw new Error(`${type.apiVersion} ${type.kind}: ${JSON.stringify(created.json)}`);
  const table = await ask("GET", self, undefined, "application/json;as=Table;v=v1;g=meta.k8s.io");
  const generations = [];
  for (const change of [{ labels: { a: "b" } }, { annotations: { a: "b" } }])
    generations.push((await ask("PATCH", self, { metadata: change })).json.metadata?.generation ?? null);
  const put = await ask("PUT", self, { ...object, metadata: { ...object.metadata, labels: { c: "d" } } });
  const absent = { ...object, metadata: { ...object.metadata, name: `other-${object.metadata.name}` } };
  const putAbsent = await ask("PUT", `${path}/other-${object.metadata.name}`, absent);
  if (putAbsent.code === 201) await ask("DELETE", `${path}/other-${object.metadata.name}`);
  const status = await ask("GET", `${self}/status`);
  const deleted = await ask("DELETE", self);
  return {
    created: withoutChance(created.json),
    columns: (table.json.columnDefinitions ?? []).map((column: Json) => [
      column.name,
      column.type,
      column.format,
      column.priority,
    ]),
    row: (table.json.rows?.[0]?.cells ?? []).map((cell: unknown, index: number) =>
      ["Age", "Last Seen", "First Seen"].includes(table.json.columnDefinitions[index]?.name) ? "AGE" : cell,
    ),
    generations,
    codes: [put.code, putAbsent.code, status.code],
    deleted: deleted.json.kind,
  };
}

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

function collectionPath({ group, version, plural, namespaced }: ServedType): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespaced ? `${root}/namespaces/${sampleNamespace}/${plural}` : `${root}/${plural}`;
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function withoutChance(object: Json): unknown {
  const {
    uid: _uid,
    creationTimestamp: _time,
    resourceVersion: _version,
    managedFields: _managed,
    ...metadata
  } = object.metadata;
  return { ...object, metadata };
}
