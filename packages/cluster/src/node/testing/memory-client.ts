import { ApiError, type KubeClient, type ResourceType, type WatchEvent } from "@seaworthy/client";
import { resourceTypes, type KubeObject } from "@seaworthy/kube";

/** An API in memory, with just enough of its behaviour for a node agent: merge patches, watches, graceful pod deletion. */
export function createMemoryClient(): KubeClient & { objects(type: ResourceType): KubeObject[] } {
  const objects = new Map<string, { type: ResourceType; object: KubeObject }>();
  const watchers = new Set<{ plural: string; push: (event: WatchEvent<KubeObject>) => void }>();
  let version = 0;
  const key = (type: ResourceType, namespace: string | undefined, name: string) =>
    `${type.plural}/${namespace ?? ""}/${name}`;
  const find = (type: ResourceType, namespace: string | undefined, name: string) => {
    const found = objects.get(key(type, namespace, name));
    if (found === undefined)
      throw new ApiError({ reason: "NotFound", message: `${type.plural} "${name}" not found` }, 404, "test");
    return found.object;
  };
  const emit = (type: ResourceType, event: WatchEvent<KubeObject>) => {
    for (const watcher of watchers) if (watcher.plural === type.plural) watcher.push(event);
  };
  const store = (type: ResourceType, object: KubeObject, event: "ADDED" | "MODIFIED") => {
    version += 1;
    const stored = structuredClone(object);
    stored.metadata.resourceVersion = String(version);
    objects.set(key(type, stored.metadata.namespace, stored.metadata.name), { type, object: stored });
    emit(type, { type: event, object: stored });
    return structuredClone(stored);
  };
  const list = (type: ResourceType) =>
    [...objects.values()].filter((entry) => entry.type.plural === type.plural).map(({ object }) => object);
  return {
    objects: list,
    discover: async () => [],
    versions: async () => [],
    discoverAll: async () => ({ types: [], silent: [] }),
    version: async () => "1.36",
    get: async <T extends KubeObject>(type: ResourceType, namespace: string | undefined, name: string) =>
      structuredClone(find(type, namespace, name)) as T,
    list: async <T extends KubeObject>(type: ResourceType) => ({
      resourceVersion: String(version),
      items: structuredClone(list(type)) as T[],
    }),
    create: async <T extends KubeObject>(type: ResourceType, object: T) =>
      store(type, { ...object, metadata: { uid: crypto.randomUUID(), ...object.metadata } }, "ADDED") as T,
    update: async <T extends KubeObject>(type: ResourceType, object: T) =>
      store(type, object, "MODIFIED") as T,
    patch: async <T extends KubeObject>(
      type: ResourceType,
      namespace: string | undefined,
      name: string,
      _patchType: unknown,
      patch: unknown,
    ) => store(type, merge(find(type, namespace, name), patch) as KubeObject, "MODIFIED") as T,
    async bind(namespace, pod, nodeName) {
      const object = structuredClone(find(resourceTypes.pods, namespace, pod));
      store(resourceTypes.pods, merge(object, { spec: { nodeName } }) as KubeObject, "MODIFIED");
    },
    evict: async () => {},
    requestToken: async (namespace, serviceAccount, spec) =>
      `token of ${namespace}/${serviceAccount} ${JSON.stringify(spec)}`,
    async delete(type, namespace, name, options) {
      const object = structuredClone(find(type, namespace, name));
      const graceSeconds = options?.gracePeriodSeconds ?? 30;
      if (type.plural === "pods" && graceSeconds > 0) {
        object.metadata.deletionTimestamp = new Date().toISOString();
        object.metadata.deletionGracePeriodSeconds = graceSeconds;
        store(type, object, "MODIFIED");
        return;
      }
      objects.delete(key(type, namespace, name));
      emit(type, { type: "DELETED", object });
    },
    async *watch<T extends KubeObject>(type: ResourceType, options: { signal: AbortSignal }) {
      const queue: WatchEvent<KubeObject>[] = [];
      let wake = () => {};
      const watcher = {
        plural: type.plural,
        push: (event: WatchEvent<KubeObject>) => {
          queue.push(structuredClone(event));
          wake();
        },
      };
      watchers.add(watcher);
      options.signal.addEventListener("abort", () => wake());
      try {
        while (!options.signal.aborted) {
          const event = queue.shift();
          if (event !== undefined) yield event as WatchEvent<T>;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        watchers.delete(watcher);
      }
    },
    // eslint-disable-next-line require-yield
    async *logs() {
      throw new Error("not served here");
    },
  };
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merge(result[name], value);
  }
  return result;
}
