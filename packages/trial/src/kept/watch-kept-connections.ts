import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "@seaworthy/client";
import { resourceTypes, type EndpointSlice } from "@seaworthy/kube";
import type { RolloutTarget } from "@seaworthy/release";
import { KeptClient, type KeptTarget } from "./kept-client.ts";
import type { KeptConnection } from "./kept-connection.ts";
import type { TimelineRecorder } from "../timeline/record-timeline.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** What a Service's pods are asked. */
export interface KeptService extends KeptTarget {
  readonly namespace: string;
  readonly name: string;
}

/** What is needed to keep connections to pods. */
export interface KeptOptions {
  readonly client: KubeClient;
  readonly recorder: TimelineRecorder;
  readonly rolled: readonly RolloutTarget[];
  readonly services: readonly KeptService[];
  dialPod(ip: string, port: number, timeoutMs: number): Promise<Socket>;
}

/** Connections to pods that are watched. */
export interface KeptConnections extends Disposable {
  read(): readonly KeptConnection[];
}

/** More pods than these are not needed to see how they end. */
const mostPods = 100;
const dialTimeoutMs = 3_000;
/** Often enough that no usual keep-alive timeout closes the busy one; while a pod ends, often enough to see how it does. */
const slowMs = 1_000;
const fastMs = 100;

/**
 * Keeps two connections to each pod: an idle one tells the app's keep-alive timeout, a busy one how the app ends what it
 * holds. Losing a request there takes luck; that a kept connection was cut does not.
 */
export async function watchKeptConnections(options: KeptOptions): Promise<KeptConnections> {
  const ports = await servicePorts(options);
  const clients = new Set<KeptClient>();
  const records: KeptConnection[] = [];
  const known = new Set<string>();
  const ended = new AbortController();

  const open = async (pod: PodLife, use: KeptConnection["use"]): Promise<KeptClient | undefined> => {
    for (const { port, target } of targetsOf(pod, options, ports)) {
      const socket = await options.dialPod(pod.ip ?? "", port, dialTimeoutMs).catch(() => undefined);
      if (socket === undefined) continue;
      const kept = new KeptClient(socket, target, { podUid: pod.uid, use });
      if (ended.signal.aborted || !(await kept.ask())) {
        kept.end();
        continue;
      }
      clients.add(kept);
      records.push(kept.record);
      return kept;
    }
    return undefined;
  };
  const look = () => {
    for (const pod of options.recorder.read().pods) {
      if (known.has(pod.uid) || known.size >= mostPods || !isToBeWatched(pod, options.rolled)) continue;
      known.add(pod.uid);
      void open(pod, "idle");
      void keepBusy(pod, () => open(pod, "busy"), options.recorder, ended.signal);
    }
  };
  const unsubscribe = options.recorder.onChange(look);
  look();
  return {
    read: () => records,
    [Symbol.dispose]() {
      unsubscribe();
      ended.abort();
      for (const kept of clients) kept.end();
    },
  };
}

async function keepBusy(
  pod: PodLife,
  open: () => Promise<KeptClient | undefined>,
  recorder: TimelineRecorder,
  ended: AbortSignal,
): Promise<void> {
  // The record of the timeline is the pod's own and grows.
  const isDeleted = () => pod.deletionSeenAt !== undefined;
  while (!ended.aborted && !isDeleted()) {
    const kept = await open();
    if (kept === undefined) return;
    // An app that closes after each answer keeps nothing that could be cut.
    while (!ended.aborted && kept.record.closedAt === undefined && kept.record.announcedAt === undefined) {
      const deleted = recorder.until(isDeleted, isDeleted() ? fastMs : slowMs, ended).catch(() => false);
      if (isDeleted()) await sleep(fastMs);
      else await Promise.race([deleted, kept.over]);
      if (!ended.aborted && kept.record.closedAt === undefined) await kept.ask();
    }
    if (kept.record.announcedAt !== undefined) return;
    // An app that closes idle connections quickly is not asked without a pause.
    await sleep(slowMs);
  }
}

function isToBeWatched(pod: PodLife, rolled: readonly RolloutTarget[]): boolean {
  return (
    pod.ip !== undefined &&
    pod.deletionSeenAt === undefined &&
    pod.goneAt === undefined &&
    pod.ready.at(-1)?.ready === true &&
    rolled.some(({ namespace, name }) => namespace === pod.namespace && name === pod.deployment)
  );
}

function targetsOf(pod: PodLife, { recorder, services }: KeptOptions, ports: ReadonlyMap<string, number[]>) {
  const { endpoints } = recorder.read();
  return services
    .filter(({ namespace, name }) =>
      endpoints.some(
        (change) =>
          change.service === name && change.namespace === namespace && change.ready.includes(pod.ip ?? ""),
      ),
    )
    .flatMap((target) =>
      (ports.get(`${target.namespace}/${target.name}`) ?? []).map((port) => ({ port, target })),
    );
}

/** The ports of the pods behind each Service: those that its EndpointSlices name. */
async function servicePorts({ client, services }: KeptOptions): Promise<Map<string, number[]>> {
  const ports = new Map<string, number[]>();
  for (const namespace of new Set(services.map((service) => service.namespace))) {
    const { items } = await client.list<EndpointSlice>(resourceTypes.endpointslices, { namespace });
    for (const slice of items) {
      const key = `${namespace}/${slice.metadata.labels?.["kubernetes.io/service-name"]}`;
      const own = (slice.ports ?? []).map(({ port }) => port).filter((port) => port !== undefined);
      ports.set(key, [...new Set([...(ports.get(key) ?? []), ...own])]);
    }
  }
  return ports;
}
