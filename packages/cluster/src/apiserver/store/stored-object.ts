import { writeManagedFields, type KubeObject } from "@seaworthy/kube";

/** An object as it was at one revision. It is never changed: a write makes a new one. */
export class StoredObject {
  /** Where it stands in its collection: `namespace/name`, or `name` when it has no namespace. */
  readonly key: string;
  readonly revision: number;
  #object: KubeObject | undefined;
  #shortObject: KubeObject | undefined;
  /** Whole, of an object that was read from a log and that nobody has looked into. */
  #json: string | undefined;
  #shortJson: string | undefined;
  /** Where `metadata` ends in the short JSON, before its brace. */
  #metadataEnd = 0;
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

  /** The object in a version of its kind that differs by its name only, without managedFields. Not to be changed. */
  shortObjectIn(apiVersion: string): KubeObject {
    const short = (this.#shortObject ??= withoutManagedFields(this.object));
    return short.apiVersion === apiVersion ? short : { ...short, apiVersion };
  }

  /** The object as JSON. */
  get json(): string {
    return this.#json ?? this.#partsFrom(0, false).join("");
  }

  /**
   * The same without managedFields, which are about as long as the rest, and of which most clients in this process make no use.
   * It is made once however many clients read it; with managedFields, which objects share, it is put together for each.
   */
  get shortJson(): string {
    if (this.#shortJson !== undefined) return this.#shortJson;
    const { kind, apiVersion, metadata, ...rest } = this.object;
    this.#json = undefined;
    const { managedFields: _managedFields, ...short } = metadata;
    const head = JSON.stringify({ kind, apiVersion, metadata: short });
    this.#metadataEnd = head.length - "}}".length;
    const tail = JSON.stringify(rest);
    this.#shortJson = tail === "{}" ? head : `${head.slice(0, -1)},${tail.slice(1)}`;
    return this.#shortJson;
  }

  /**
   * As it stands in a list: without kind and apiVersion, as Kubernetes writes list items. It comes in parts, so that those of a
   * long list are copied once.
   */
  itemParts(omitsManagedFields = false): readonly string[] {
    const { length } = headOf(this.shortJson)[0];
    return ["{", ...this.#partsFrom(length, omitsManagedFields)];
  }

  /** The same in another version of its kind, where all that tells versions apart is what they are called. */
  jsonIn(apiVersion: string, omitsManagedFields = false): string {
    if (omitsManagedFields) return this.#jsonIn(apiVersion, true);
    const { of, apiVersion: version } = lastWritten;
    if (of !== this || version !== apiVersion)
      lastWritten = { of: this, apiVersion, json: this.#jsonIn(apiVersion, false) };
    return lastWritten.json;
  }

  #jsonIn(apiVersion: string, omitsManagedFields: boolean): string {
    const [head, kind, own] = headOf(this.shortJson);
    if (apiVersion === own) return this.#partsFrom(0, omitsManagedFields).join("");
    const rest = this.#partsFrom(head.length, omitsManagedFields).join("");
    return `{"kind":"${kind}","apiVersion":${JSON.stringify(apiVersion)},${rest}`;
  }

  /** The JSON from a place in `metadata` or before it on. */
  #partsFrom(start: number, omitsManagedFields: boolean): readonly string[] {
    const json = this.shortJson;
    const managedFields =
      this.#object === undefined ? this.#managedFields : this.#object.metadata.managedFields;
    if (omitsManagedFields || managedFields === undefined) return [json.slice(start)];
    const end = this.#metadataEnd;
    return [
      json.slice(start, end),
      ',"managedFields":',
      ...writeManagedFields(managedFields),
      json.slice(end),
    ];
  }

  /** A copy that the caller may change; its managedFields may be replaced only. */
  copy(): KubeObject {
    return withManagedFields(JSON.parse(this.shortJson) as KubeObject, this.object.metadata.managedFields);
  }

  /** Keeps the JSON only, which is a fourth of the size, for an object that is history. It is read again when asked for. */
  pack(): void {
    void this.shortJson;
    this.#managedFields = this.object.metadata.managedFields;
    this.#object = undefined;
    this.#shortObject = undefined;
  }

  #read(): KubeObject {
    return withManagedFields(JSON.parse(this.shortJson) as KubeObject, this.#managedFields);
  }
}

/** Those who watch a collection are told of the same object one after the other. */
let lastWritten: { readonly of?: StoredObject; readonly apiVersion: string; readonly json: string } = {
  apiVersion: "",
  json: "",
};

function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
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
