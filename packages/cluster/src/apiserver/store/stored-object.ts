import type { KubeObject } from "@seaworthy/kube";

/** An object as it was at one revision. It is never changed: a write makes a new one. */
export class StoredObject {
  /** Where it stands in its collection: `namespace/name`, or `name` when it has no namespace. */
  readonly key: string;
  readonly revision: number;
  #object: KubeObject | undefined;
  /** Known of an object that was made of its JSON, and of one that somebody has read with its managedFields. */
  #json: string | undefined;
  #shortJson: string | undefined;
  #managedFields: KubeObject["metadata"]["managedFields"];

  constructor(key: string, revision: number, content: KubeObject | string) {
    this.key = key;
    this.revision = revision;
    if (typeof content === "string") this.#json = content;
    else this.#object = content;
  }

  /** Not to be changed; `copy` makes one that may be. */
  get object(): KubeObject {
    if (this.#object !== undefined) return this.#object;
    return (this.#object = this.#json === undefined ? this.#read() : (JSON.parse(this.#json) as KubeObject));
  }

  /** The object as JSON, made once however many clients read it. */
  get json(): string {
    return (this.#json ??= JSON.stringify(this.object));
  }

  /**
   * The same without managedFields, which are about as long as the rest, take time to write, and of which most clients in this
   * process make no use.
   */
  get shortJson(): string {
    if (this.#shortJson !== undefined) return this.#shortJson;
    const { managedFields, ...metadata } = this.object.metadata;
    this.#shortJson = managedFields === undefined ? this.json : JSON.stringify({ ...this.object, metadata });
    return this.#shortJson;
  }

  /** As it stands in a list: without kind and apiVersion, as Kubernetes writes list items. */
  item(omitsManagedFields = false): string {
    const json = omitsManagedFields ? this.shortJson : this.json;
    return "{" + json.slice(headOf(json)[0].length);
  }

  /** The same in another version of its kind, where all that tells versions apart is what they are called. */
  jsonIn(apiVersion: string, omitsManagedFields = false): string {
    const json = omitsManagedFields ? this.shortJson : this.json;
    const [head, kind, own] = headOf(json);
    if (apiVersion === own) return json;
    return `{"kind":"${kind}","apiVersion":${JSON.stringify(apiVersion)},${json.slice(head.length)}`;
  }

  /** A copy that the caller may change; its managedFields may be replaced only. */
  copy(apiVersion?: string): KubeObject {
    const { managedFields } = this.object.metadata;
    const json = apiVersion === undefined ? this.shortJson : this.jsonIn(apiVersion, true);
    return withManagedFields(JSON.parse(json) as KubeObject, managedFields);
  }

  /** Keeps the JSON only, which is a fourth of the size, for an object that is history. It is read again when asked for. */
  pack(): void {
    void this.shortJson;
    this.#managedFields = this.object.metadata.managedFields;
    this.#object = undefined;
    if (this.#managedFields !== undefined) this.#json = undefined;
  }

  #read(): KubeObject {
    return withManagedFields(JSON.parse(this.shortJson) as KubeObject, this.#managedFields);
  }
}

function withManagedFields(
  object: KubeObject,
  managedFields: KubeObject["metadata"]["managedFields"],
): KubeObject {
  if (managedFields !== undefined) object.metadata.managedFields = managedFields;
  return object;
}

/** The beginning of the JSON, and the kind and the apiVersion in it: every stored object begins with these. */
function headOf(json: string): readonly [head: string, kind: string, apiVersion: string] {
  const [head = "", kind = "", apiVersion = ""] =
    /^\{"kind":"([^"]*)","apiVersion":"([^"]*)",/.exec(json) ?? [];
  return [head, kind, apiVersion];
}
