import type { KubeObject } from "@seaworthy/kube";

/** An object as it was at one revision. It is never changed: a write makes a new one. */
export class StoredObject {
  /** Where it stands in its collection: `namespace/name`, or `name` when it has no namespace. */
  readonly key: string;
  readonly revision: number;
  /** Not to be changed; `copy` makes one that may be. */
  readonly object: KubeObject;
  #json: string | undefined;
  #item: string | undefined;

  constructor(key: string, revision: number, object: KubeObject) {
    this.key = key;
    this.revision = revision;
    this.object = object;
  }

  /** The object as JSON, made once however many clients read it. */
  get json(): string {
    return (this.#json ??= JSON.stringify(this.object));
  }

  /** As it stands in a list: without kind and apiVersion, as Kubernetes writes list items. */
  get item(): string {
    this.#item ??= "{" + this.json.slice(headOf(this.object).length);
    return this.#item;
  }

  /** The same in another version of its kind, where all that tells versions apart is what they are called. */
  jsonIn(apiVersion: string): string {
    if (apiVersion === this.object.apiVersion) return this.json;
    return headOf({ kind: this.object.kind, apiVersion }) + this.item.slice(1);
  }

  /** A copy that the caller may change. */
  copy(apiVersion = this.object.apiVersion): KubeObject {
    return JSON.parse(this.jsonIn(apiVersion)) as KubeObject;
  }
}

/** Every stored object begins with kind and apiVersion, so a list item is its JSON from there on. */
function headOf(object: Pick<KubeObject, "kind" | "apiVersion">): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},`;
}
