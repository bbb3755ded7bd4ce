import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "@seaworthy/client";
import { parseDuration, parseTimestamp, type KubeObject } from "@seaworthy/kube";
import { epochMs } from "@seaworthy/load";
import { millisOf } from "./pod-cpu.ts";

/** PodMetrics of metrics.k8s.io, as far as they are needed. */
interface PodMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: { readonly cpu?: string } }[];
}

const podMetricsType = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  plural: "pods",
  kind: "PodMetrics",
  namespaced: true,
};

/** An embedded cluster measures when it is asked; metrics-server looks every 15 s, and tells what it saw last. */
const askAgainMs = 3_000;
/** Three looks of metrics-server and a little. */
const mostMs = 50_000;
/** Times are told in whole seconds. */
const grainMs = 1_000;

/** Whose CPU is measured. */
export interface CpuQuestion {
  readonly client: KubeClient;
  readonly namespace: string;
  /** The pods by name, as they are now. */
  readonly pods: () => readonly string[];
  /** The container that is meant; absent where it is the pod. */
  readonly container: string | undefined;
  readonly signal: AbortSignal;
}

/** What pods used together, in thousandths of a core. */
export interface UsedCpu {
  readonly millis: number;
  readonly pods: number;
}

/** The CPU that pods used from a time on; asks until all of them were measured after it. Undefined where they were not. */
export async function measureCpu(question: CpuQuestion, sinceMs: number): Promise<UsedCpu | undefined> {
  const { client, namespace, pods, container, signal } = question;
  for (const endMs = epochMs() + mostMs; epochMs() < endMs;) {
    await sleep(askAgainMs, undefined, { signal });
    // Why there are none, the autoscaler's conditions tell.
    const { items } = await client
      .list<PodMetrics>(podMetricsType, { namespace })
      .catch((): { items: readonly PodMetrics[] } => ({ items: [] }));
    const names = new Set(pods());
    const own = items.filter((each) => names.has(each.metadata.name));
    if (names.size === 0 || own.length < names.size) continue;
    if (own.every((each) => begunAt(each) >= sinceMs - grainMs))
      return { millis: own.reduce((sum, each) => sum + millisIn(each, container), 0), pods: own.length };
  }
  return undefined;
}

function begunAt({ timestamp, window }: PodMetrics): number {
  return (parseTimestamp(timestamp) ?? 0) - parseDuration(window) / 1e6;
}

function millisIn({ containers }: PodMetrics, only: string | undefined): number {
  return containers
    .filter(({ name }) => only === undefined || name === only)
    .reduce((sum, { usage }) => sum + millisOf(usage.cpu ?? 0), 0);
}
