import type { Asker, Json } from "./asker.ts";

/** A pod template that no scheduler places: the status of its pods is what an item says, and a deleted one is gone at once. */
export function unplacedTemplate(name: string, image: string): Json {
  return {
    metadata: { labels: { app: name } },
    spec: { schedulerName: "nobody", containers: [{ name: "main", image }] },
  };
}

/** The pods of the namespace that are not being deleted, in the order of their names. */
export async function podsIn({ namespace, get }: Pick<Asker, "namespace" | "get">): Promise<Json[]> {
  const { items } = await get(`/api/v1/namespaces/${namespace}/pods`);
  return living(items);
}

/** Waits until the pods that are not being deleted are as wanted, and gives them. */
export async function untilPods(asker: Asker, isDone: (pods: readonly Json[]) => boolean): Promise<Json[]> {
  const path = `/api/v1/namespaces/${asker.namespace}/pods`;
  const { items } = await asker.until(path, (list) => isDone(living(list.items)));
  return living(items);
}

/** How a node is played. */
export interface Play {
  /** Whether a pod becomes ready. */
  readonly isGood?: (pod: Json) => boolean;
  /** Called with all pods whenever one has changed. */
  readonly look?: (pods: readonly Json[]) => void;
}

/** Plays the node: every pod that comes becomes ready, until it is disposed of. */
export async function playNode(
  asker: Asker,
  { isGood = () => true, look }: Play = {},
): Promise<AsyncDisposable> {
  const events = await asker.watch(`/api/v1/namespaces/${asker.namespace}/pods`, {});
  const pods = new Map<string, Json>();
  async function play(): Promise<void> {
    for (;;) {
      const event = await events.next().catch(() => undefined);
      if (event === undefined) return;
      const { type, object } = event;
      const { uid, name, deletionTimestamp } = object.metadata;
      if (type === "DELETED") pods.delete(uid);
      else pods.set(uid, object);
      look?.([...pods.values()]);
      const isNew = type === "ADDED" && deletionTimestamp === undefined && object.status.phase === "Pending";
      // It may be gone by now.
      if (isNew && isGood(object)) await makeReady(asker, name).catch(() => {});
    }
  }
  const played = play();
  return {
    async [Symbol.asyncDispose]() {
      await events[Symbol.asyncDispose]();
      await played;
    },
  };
}

/** Says of a pod that it runs and is ready, as its node would. */
export async function makeReady(asker: Asker, name: string): Promise<void> {
  const lastTransitionTime = `${new Date().toISOString().slice(0, 19)}Z`;
  const conditions = [{ type: "Ready", status: "True", lastTransitionTime }];
  await patchStatus(asker, name, { phase: "Running", conditions });
}

/** Whether a pod is ready. */
export function isReady({ status }: Json): boolean {
  return status.conditions?.some((each: Json) => each.type === "Ready" && each.status === "True") === true;
}

/** Writes the status of a pod, as its node would. */
export async function patchStatus({ namespace, patch }: Asker, name: string, status: Json): Promise<Json> {
  return await patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, "merge-patch+json", { status });
}

function living(items: readonly Json[]): Json[] {
  return items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
