import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import type { KubeObject, ServedType } from "@seaworthy/kube";

/** One cache per type, shared by every controller, and started when somebody first asks for it. */
export interface Informers extends AsyncDisposable {
  of<T extends KubeObject>(type: ServedType): Informer<T>;
}

/** Makes informers that read through a client. */
export function createInformers(client: KubeClient): Informers {
  const started = new AsyncDisposableStack();
  const byPath = new Map<string, Informer<KubeObject>>();
  return {
    of<T extends KubeObject>(type: ServedType) {
      const path = `${type.group}/${type.version}/${type.plural}`;
      const informer = byPath.get(path) ?? started.use(createInformer<KubeObject>(client, type));
      byPath.set(path, informer);
      return informer as unknown as Informer<T>;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
