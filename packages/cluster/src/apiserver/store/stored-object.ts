import type { KubeObject } from "@seaworthy/kube";

/** An object as it was at one revision. It is never changed: a write makes a new one. */
export class StoredObject {
  /** Where it stands in its collection: `namespace/name`, or `name` when it has no namespace. */
  readonly key: string;
  readonly revision: number;
  #object: KubeObject | undefined;
  #json: string | undefined;

  constructor(key: string, revision: number, content: KubeObject | string) {
    this.key = key;
    this.revision = revision;
    if (typeof content === "string") this.#json = content;
    else this.#object = content;
  }

  /** Not to be changed; `copy` makes one that may be. */
  get object(): KubeObject {
    return (this.#object ??= JSON.parse(this.json) as KubeObject);
  }

  /** The object as JSON, made once however many clients read it. */
  get json(): string {
    return (this.#json ??= JSON.stringify(this.#object));
  }

  /** As it stands in a list: without kind and apiVersion, as Kubernetes writes list items. */
  get item(): string {
    return "{" + this.json.slice(this.#head()[0].length);
  }

  /** The same in another version of its kind, where all that tells versions apart is what they are called. */
  jsonIn(apiVersion: string): string {
    const [head, kind, own] = this.#head();
    if (apiVersion === own) return this.json;
    return `{"kind":"${kind}","apiVersion":${JSON.stringify(apiVersion)},${this.json.slice(head.length)}`;
  }

  /** A copy that the caller may change. */
  copy(apiVersion?: string): KubeObject {
    return JSON.parse(apiVersion === undefined ? this.json : this.jsonIn(apiVersion)) as KubeObject;
  }

  /** Keeps the JSON only, which is a fourth of the size, for an object that is history. It is read again when asked for. */
  pack(): void {
    void this.json;
    this.#object = undefined;
  }

  /** The beginning of the JSON, and the kind and the apiVersion in it: every stored object begins with these. */
  #head(): readonly [head: string, kind: string, apiVersion: string] {
    const [head = "", kind = "", apiVersion = ""] =
      /^\{"kind":"([^"]*)","apiVersion":"([^"]*)",/.exec(this.json) ?? [];
    return [head, kind, apiVersion];
  }
}
