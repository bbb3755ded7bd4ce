import { createInformer, type Informer, type KubeClient } from "@seaworthy/client";
import { type KubeObject, type ServedType, typePath } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { wait } from "../../wait.ts";

/** One cache per type, shared by every controller, and started when somebody first asks for it. */
export interface Informers extends AsyncDisposable {
  of<T extends KubeObject>(type: ServedType): Informer<T>;
  /** Stops the cache of a type that is served no more. */
  end(type: ServedType): Promise<void>;
}

/** Makes informers that read through a client. */
export function createInformers(client: KubeClient, clock: Clock): Informers {
  const pause = async (delayMs: number, signal: AbortSignal) => {
    if (signal.aborted) return;
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener("abort", abort, { once: true });
    await wait(clock, delayMs, aborted.promise);
    signal.removeEventListener("abort", abort);
  };
  const byPath = new Map<string, Informer<KubeObject>>();
  const end = async (path: string) => {
    const informer = byPath.get(path);
    byPath.delete(path);
    await informer?.[Symbol.asyncDispose]();
  };
  return {
    of<T extends KubeObject>(type: ServedType) {
      const path = typePath(type);
      const informer = byPath.get(path) ?? createInformer<KubeObject>(client, type, { pause });
      byPath.set(path, informer);
      return informer as unknown as Informer<T>;
    },
    end: (type) => end(typePath(type)),
    async [Symbol.asyncDispose]() {
      await Promise.all([...byPath.keys()].map(end));
    },
  };
}
