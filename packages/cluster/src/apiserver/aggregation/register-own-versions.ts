import {
  deepEqual,
  resourceTypes,
  timestamp,
  withCondition,
  type Condition,
  type KubeObject,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { ApiGroup, GroupVersion } from "../discovery/api-groups.ts";
import { priorityOf } from "../discovery/priorities.ts";
import { generateUid } from "../verbs/create-object.ts";
import { apiServices, type ApiService } from "./api-service.ts";
import { localAvailability } from "./check-availability.ts";

const managed = "kube-aggregator.kubernetes.io/automanaged";

/**
 * Keeps an APIService for each group and version that this server serves itself: Kubernetes' own are written at the start, and those
 * of custom kinds come and go with them. One that a client wrote under the same name is left alone. Disposing ends it.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/controllers/autoregister/autoregister_controller.go
 */
export function registerOwnVersions(
  context: ApiContext,
  ownGroups: () => readonly ApiGroup[],
  onKindsChange: (listener: () => void) => () => void,
): Disposable {
  const { store, clock, random, resources } = context;
  const { group, version, plural } = resourceTypes.apiservices;
  // A server may be told to serve less.
  if (resources.find(group, version, plural) === undefined) return { [Symbol.dispose]() {} };
  let isDue = false;
  let isEnded = false;

  const stored = (name: string) => store.get(apiServices, name)?.object as ApiService | undefined;
  const isKept = (found: ApiService | undefined) => found?.metadata.labels?.[managed] === "true";

  function write(of: GroupVersion, isCustom: boolean): void {
    const name = `${of.version}.${of.group}`;
    const found = stored(name);
    const spec = specOf(of);
    if (found !== undefined && (!isKept(found) || deepEqual(found.spec, spec))) return;
    const metadata = found?.metadata ?? {
      name,
      uid: generateUid(random),
      creationTimestamp: timestamp(clock.now()),
      labels: { [managed]: isCustom ? "true" : "onstart" },
    };
    const conditions = withCondition<Condition>([], localAvailability, clock.now());
    const apiVersion = `${group}/${version}`;
    const object: KubeObject = {
      kind: "APIService",
      apiVersion,
      metadata: structuredClone(metadata),
      spec,
      status: { conditions },
    };
    store.put(apiServices, name, object);
  }

  function keepCustom(): void {
    isDue = false;
    if (isEnded) return;
    const custom = versionsOf(ownGroups()).filter(isOfCustomKinds);
    const names = new Set(custom.map((each) => `${each.version}.${each.group}`));
    for (const { key, object } of store.list(apiServices))
      if (isKept(object as ApiService) && !names.has(key)) store.remove(apiServices, key);
    for (const each of custom) write(each, true);
  }

  /** A write is answered before anything follows from it. */
  function schedule(): void {
    if (isDue) return;
    isDue = true;
    queueMicrotask(keepCustom);
  }

  for (const each of versionsOf(ownGroups())) if (!isOfCustomKinds(each)) write(each, false);
  keepCustom();
  const unfollow = onKindsChange(schedule);
  const watch = store.watch(apiServices, store.revision, schedule);
  return {
    [Symbol.dispose]() {
      isEnded = true;
      unfollow();
      watch?.stop();
    },
  };
}

/** Those that have an APIService: it tells of none for its own group, and metrics-server brings one for its. */
function versionsOf(groups: readonly ApiGroup[]): GroupVersion[] {
  return groups
    .filter(({ group }) => group !== "apiregistration.k8s.io" && group !== "metrics.k8s.io")
    .flatMap(({ versions }) => versions);
}

function isOfCustomKinds({ resources }: GroupVersion): boolean {
  return resources.every(({ isCustom }) => isCustom);
}

function specOf({ group, version }: GroupVersion): ApiService["spec"] {
  const { groupPriority, versionPriority } = priorityOf({ group, version });
  const names = group === "" ? { version } : { group, version };
  return { ...names, groupPriorityMinimum: groupPriority, versionPriority };
}
