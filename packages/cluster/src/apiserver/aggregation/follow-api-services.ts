import { deepEqual, resourceTypes, withCondition } from "@seaworthy/kube";
import { createWorkQueue } from "../../work-queue/work-queue.ts";
import type { ApiContext } from "../api-context.ts";
import { StatusError } from "../http/status-error.ts";
import type { Resource } from "../resource.ts";
import type { StoreEvent } from "../store/collection.ts";
import { updateObject } from "../verbs/update-object.ts";
import { apiServices, isRemote, type ApiService, type RemoteApiService } from "./api-service.ts";
import { checkAvailability, localAvailability, type Availability } from "./check-availability.ts";
import { readDiscovery } from "./read-discovery.ts";
import { readOpenApi } from "./read-open-api.ts";
import type { RemoteVersions } from "./remote-versions.ts";

/** Servers are looked at again so often, and those that fail at the latest then. */
const resyncMs = 30_000;
const firstRetryMs = 5;
/** Servers that are slow must not hold up the others. */
const workers = 5;

/**
 * Follows APIServices: tells in their status whether they can be asked, and reads what they serve, for discovery. It begins with
 * those that are stored already; disposing ends it.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/controllers/status
 */
export function followApiServices(context: ApiContext, versions: RemoteVersions): AsyncDisposable {
  const { store, clock, processClock, resources } = context;
  const { group, version, plural } = resourceTypes.apiservices;
  const resource = resources.find(group, version, plural);
  // A server may be told to serve less.
  if (resource === undefined) return { [Symbol.asyncDispose]: async () => {} };
  const failures = new Map<string, number>();
  const queue = createWorkQueue({ clock: processClock, workers, work: sync });

  async function sync(name: string): Promise<void> {
    const apiService = find(name);
    if (apiService === undefined || !isRemote(apiService)) {
      failures.delete(name);
      versions.set(name, undefined);
      if (apiService !== undefined) setCondition(name, apiService, localAvailability);
      return;
    }
    const remote = apiService as RemoteApiService;
    const availability = await checkAvailability(context, remote);
    const isCurrent = availability.status === "True" && (await read(name, remote));
    const now = find(name);
    // It has changed meanwhile, so there is work for it again.
    if (now === undefined || !deepEqual(now.spec, remote.spec)) return;
    if (!isCurrent) markStale(name, remote);
    setCondition(name, now, availability);
    const failed = isCurrent ? 0 : (failures.get(name) ?? 0) + 1;
    failures.set(name, failed);
    queue.addAfter(name, isCurrent ? resyncMs : Math.min(firstRetryMs * 2 ** failed, resyncMs));
  }

  function find(name: string): ApiService | undefined {
    return store.get(apiServices, name)?.object as ApiService | undefined;
  }

  /** Reads what a server serves; what was known before stays when it cannot be read. */
  async function read(name: string, remote: RemoteApiService): Promise<boolean> {
    try {
      const found = await readDiscovery(context, remote);
      const document = await readOpenApi(context, remote).catch(() => versions.get(name)?.document);
      const known = versions.get(name);
      const next = { ...placeOf(remote), freshness: "Current", resources: found, document } as const;
      if (!deepEqual(known, next)) versions.set(name, next);
      return true;
    } catch {
      return false;
    }
  }

  function markStale(name: string, remote: RemoteApiService): void {
    const { resources: found = [], document } = versions.get(name) ?? {};
    const next = { ...placeOf(remote), freshness: "Stale", resources: found, document } as const;
    if (!deepEqual(versions.get(name), next)) versions.set(name, next);
  }

  function setCondition(name: string, { status }: ApiService, condition: Availability): void {
    const conditions = withCondition(status?.conditions, condition, clock.now());
    if (deepEqual(conditions, status?.conditions)) return;
    const target = { namespace: undefined, name, part: "status" } as const;
    try {
      updateObject(
        context,
        resource as Resource,
        target,
        ({ object }) => ({ ...structuredClone(object), status: { conditions } }),
        { dryRun: false },
      );
    } catch (error) {
      // It has gone meanwhile.
      if (!(error instanceof StatusError)) throw error;
    }
  }

  /** The APIServices whose servers are behind a Service. */
  function behind(namespace: string | undefined, service: string | undefined): string[] {
    return store
      .list(apiServices)
      .filter(({ object }) => {
        const { service: named } = (object as ApiService).spec;
        return named !== undefined && named.name === service && named.namespace === namespace;
      })
      .map(({ key }) => key);
  }

  function follow(collection: string, keysOf: (event: StoreEvent) => readonly string[]): void {
    const watch = store.watch(collection, store.revision, (event) => {
      for (const key of keysOf(event)) {
        failures.delete(key);
        queue.add(key);
      }
    });
    stops.push(() => watch?.stop());
  }

  const stops: (() => void)[] = [];
  follow(apiServices, ({ type, before, after }) => {
    const isAsBefore = before !== undefined && deepEqual(before.object["spec"], after.object["spec"]);
    return isAsBefore && type !== "DELETED" ? [] : [after.key];
  });
  follow("/services", ({ after: { object } }) => behind(object.metadata.namespace, object.metadata.name));
  follow("discovery.k8s.io/endpointslices", ({ after: { object } }) =>
    behind(object.metadata.namespace, object.metadata.labels?.["kubernetes.io/service-name"]),
  );
  for (const { key } of store.list(apiServices)) queue.add(key);
  return {
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      await queue[Symbol.asyncDispose]();
    },
  };
}

function placeOf({ spec }: RemoteApiService) {
  const { group, version, groupPriorityMinimum: groupPriority, versionPriority } = spec;
  return { group, version, groupPriority, versionPriority };
}
