import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { isConflict, type ResourceType } from "@seaworthy/client";
import { resourceTypes, type KubeObject, type Namespace, type ServedType, timestamp } from "@seaworthy/kube";
import { aggregatedTypes, type ApiService } from "./aggregated-types.ts";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch, type Turn } from "../reconciler/start-reconciler.ts";
import { watchEvery } from "../reconciler/watch-every.ts";

/**
 * Empties a namespace that is being deleted, and then lets it go
 * (k8s.io/kubernetes/pkg/controller/namespace/deletion/namespaced_resources_deleter.go).
 */
export async function startNamespaceController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers, kinds } = context;
  const namespaces = informers.of<Namespace>(resourceTypes.namespaces);
  const apiServices = informers.of<ApiService>(resourceTypes.apiservices);

  async function sync(name: string, { add }: Turn): Promise<void> {
    const namespace = namespaces.get(undefined, name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    if (!(namespace.spec?.finalizers ?? []).includes(kubernetesFinalizer)) return;
    const { types, silent } = await aggregatedTypes(client, apiServices.list());
    const remaining = await deleteContent(name, types);
    // As long as it waits for pods, Kubernetes says nothing of what remains.
    const conditioned = await writeConditions(
      namespace,
      remaining.some(({ type }) => isPods(type)) ? [] : remaining,
      silent,
    );
    // What remains is waiting for its grace period or its finalizers: its deletion brings us back here. A server that does not
    // answer may have something of the namespace, too.
    if (remaining.length > 0 || silent.length > 0) return add({ key: name, afterMs: recheckMs });
    const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== kubernetesFinalizer);
    const released = { ...conditioned, spec: { ...conditioned.spec, finalizers } };
    await client.update(resourceTypes.namespaces, released, "finalize").catch(unlessNotFound);
  }

  /**
   * Deletes what is there and resolves to what is left. Nothing else goes before the last pod has gone: a pod that still runs
   * must not lose the NetworkPolicy that fences it in (KEP-5080).
   */
  async function deleteContent(namespace: string, aggregated: readonly ResourceType[]): Promise<Remainder[]> {
    const remaining: Remainder[] = [];
    const own = kinds.preferred().filter(({ namespaced }) => namespaced);
    for (const type of [...podsFirst(own), ...aggregated]) {
      const { items } = await client.list<KubeObject>(type, { namespace });
      for (const { metadata } of items) {
        if (metadata.deletionTimestamp !== undefined) continue;
        const precondition = metadata.uid === undefined ? {} : { uid: metadata.uid };
        const options = { propagationPolicy: "Background", ...precondition } as const;
        await client.delete(type, namespace, metadata.name, options).catch((error: unknown) => {
          if (!isConflict(error)) unlessNotFound(error);
        });
      }
      const left = items.length === 0 ? [] : (await client.list<KubeObject>(type, { namespace })).items;
      if (left.length > 0) remaining.push({ type, objects: left });
      if (left.length > 0 && isPods(type)) break;
    }
    return remaining;
  }

  async function writeConditions(
    namespace: Namespace,
    remaining: readonly Remainder[],
    silent: readonly string[],
  ): Promise<Namespace> {
    const present = namespace.status?.conditions ?? [];
    const conditions = describe(remaining, silent).map((condition) => {
      const before = present.find(({ type }) => type === condition.type);
      const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
      return { ...condition, lastTransitionTime: kept ?? timestamp(clock.now()) };
    });
    if (JSON.stringify(conditions) === JSON.stringify(present)) return namespace;
    const next = { ...namespace, status: { ...namespace.status, conditions } };
    return client.update(resourceTypes.namespaces, next, "status");
  }

  function isTerminating(name: string | undefined): boolean {
    if (name === undefined) return false;
    return namespaces.get(undefined, name)?.metadata.deletionTimestamp !== undefined;
  }

  return await startReconciler(context, {
    name: "namespace-controller",
    watches: [
      watch(namespaces, ({ object }) => [object.metadata.name]),
      watch(apiServices, () => []),
      watchEvery(
        context,
        ({ namespaced }) => namespaced,
        (_type, { type, object: { metadata } }) =>
          type === "deleted" && isTerminating(metadata.namespace) ? [metadata.namespace ?? ""] : [],
      ),
    ],
    sync,
  });
}

interface Remainder {
  readonly type: ResourceType;
  readonly objects: readonly KubeObject[];
}

const kubernetesFinalizer = "kubernetes";
/** In case that a deletion was missed. */
const recheckMs = 5000;

function podsFirst(types: readonly ServedType[]): ServedType[] {
  return [...types.filter(isPods), ...types.filter((type) => !isPods(type))];
}

function isPods({ group, plural }: ResourceType): boolean {
  return group === "" && plural === "pods";
}

/** The conditions in Kubernetes' words (status_condition_utils.go beside the deleter). */
function describe(remaining: readonly Remainder[], silent: readonly string[]) {
  const counts = remaining.map(
    ({ type, objects }) => `${groupedName(type)} has ${objects.length} resource instances`,
  );
  const finalizers = new Map<string, number>();
  for (const { metadata } of remaining.flatMap(({ objects }) => objects)) {
    for (const finalizer of metadata.finalizers ?? []) {
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    }
  }
  const held = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`);
  const condition = (type: string, bad: boolean, reason: string, message: string) => ({
    type,
    status: bad ? "True" : "False",
    reason,
    message,
  });
  const stale = silent.map((each) => `${each}: stale GroupVersion discovery: ${each}`).join(", ");
  return [
    silent.length > 0
      ? condition(
          "NamespaceDeletionDiscoveryFailure",
          true,
          "DiscoveryFailed",
          `Discovery failed for some groups, ${silent.length} failing: unable to retrieve the complete list of server APIs: ${stale}`,
        )
      : condition(
          "NamespaceDeletionDiscoveryFailure",
          false,
          "ResourcesDiscovered",
          "All resources successfully discovered",
        ),
    condition(
      "NamespaceDeletionGroupVersionParsingFailure",
      false,
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    condition(
      "NamespaceDeletionContentFailure",
      false,
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    counts.length > 0
      ? condition(
          "NamespaceContentRemaining",
          true,
          "SomeResourcesRemain",
          `Some resources are remaining: ${counts.join(", ")}`,
        )
      : condition("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed"),
    held.length > 0
      ? condition(
          "NamespaceFinalizersRemaining",
          true,
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${held.join(", ")}`,
        )
      : condition(
          "NamespaceFinalizersRemaining",
          false,
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        ),
  ];
}

function groupedName(type: ResourceType): string {
  return type.group === "" ? `${type.plural}.` : `${type.plural}.${type.group}`;
}
