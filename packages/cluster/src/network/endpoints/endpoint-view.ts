import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import type { EndpointState } from "./endpoint-state.ts";
import { between, type Range } from "../../range.ts";
import type { Propagation } from "./propagation.ts";
import { createSyncLimiter } from "./sync-limiter.ts";

/** What a part of the data plane believes the endpoints of each Service to be, late as the real part is. */
export interface EndpointView extends Disposable {
  /**
   * Tells the truth about one Service, from now on; `noEndpoints` when it has no slices left. The endpoints are asked for when
   * they are needed: of a thousand changes in a second many views take one.
   */
  update(service: string, endpoints: () => Endpoints): void;
  /** Calls `apply` when the real part would have taken a change of its configuration (Ingress rules). */
  reload(apply: () => void): void;
  /** Calls `listener` whenever a worker may believe something else than before. */
  onChange(listener: () => void): void;
  /** What worker number `worker` believes. */
  get(service: string, worker?: number): readonly EndpointState[];
}

/** What a view is made of. */
export interface EndpointViewOptions {
  readonly propagation: Propagation;
  /** How many workers have a belief of their own. Only `batched` views with polls differ between workers. */
  readonly workers: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether everything is to be believed at once for now, whatever the propagation says. Default: never. */
  readonly isHurried?: () => boolean;
}

type Endpoints = readonly EndpointState[];

/** The endpoints of a Service that is not there. */
export const noEndpoints = (): Endpoints => [];

/** Makes a view that learns as its propagation says. */
export function createEndpointView({ isHurried = () => false, ...given }: EndpointViewOptions): EndpointView {
  const { propagation, clock } = given;
  const after: Clock["after"] = (ms, callback) => clock.after(isHurried() ? 0 : ms, callback);
  const options = { ...given, isHurried, clock: { now: () => clock.now(), after } };
  switch (propagation.kind) {
    case "instant":
      return streamedView(options, [0, 0]);
    case "streamed":
      return streamedView(options, [propagation.minMs, propagation.maxMs]);
    case "batched":
      return batchedView(options, propagation);
    case "per-endpoint":
      return perEndpointView(options, propagation);
  }
}

function batchedView(
  { workers, clock, random, isHurried }: Required<EndpointViewOptions>,
  propagation: Extract<Propagation, { kind: "batched" }>,
): EndpointView {
  const untaken = new Map<string, () => Endpoints>();
  let synced: ReadonlyMap<string, Endpoints> = new Map();
  let reloads: (() => void)[] = [];
  const changes = createListeners();
  const timers = createTimers(clock);
  const workerViews = Array.from({ length: Math.max(1, workers) }, () => ({
    seen: synced,
    phaseMs: random() * (propagation.pollMs ?? 0),
    polls: false,
  }));

  const limiter = createSyncLimiter(propagation, { clock, isHurried }, () => {
    const next = new Map(synced);
    for (const [service, endpoints] of untaken) setOrDelete(next, service, endpoints());
    untaken.clear();
    synced = next;
    const applied = reloads;
    reloads = [];
    for (const apply of applied) apply();
    // A reload starts new workers, and those read the endpoints before they serve (balancer.lua init_worker).
    for (const worker of workerViews) {
      if (propagation.pollMs === undefined || applied.length > 0) worker.seen = synced;
      else pollOnce(worker, propagation.pollMs);
    }
    changes.tell();
  });

  // Only a poll that would find something is scheduled, so that an idle data plane holds no timers.
  function pollOnce(worker: (typeof workerViews)[number], pollMs: number): void {
    if (worker.polls) return;
    worker.polls = true;
    const sincePoll = (((clock.now() - worker.phaseMs) % pollMs) + pollMs) % pollMs;
    timers.after(pollMs - sincePoll, () => {
      worker.polls = false;
      worker.seen = synced;
      changes.tell();
    });
  }

  return {
    update(service, endpoints) {
      untaken.set(service, endpoints);
      limiter.request();
    },
    reload(apply) {
      reloads.push(apply);
      limiter.request();
    },
    onChange: changes.add,
    get: (service, worker = 0) => workerViews[worker % workerViews.length]?.seen.get(service) ?? [],
    [Symbol.dispose]() {
      limiter[Symbol.dispose]();
      timers[Symbol.dispose]();
    },
  };
}

function streamedView({ clock, random }: EndpointViewOptions, range: Range): EndpointView {
  const seen = new Map<string, () => Endpoints>();
  const timers = createTimers(clock);
  const queue: (() => void)[] = [];
  const changes = createListeners();
  let lastAt = -Infinity;

  // One queue for all changes: a stream (xDS) never reorders. Timers of the same moment take the oldest entry.
  function later(apply: () => void): void {
    const now = clock.now();
    const at = Math.max(lastAt, now + between(range, random));
    lastAt = at;
    const applied = () => {
      apply();
      changes.tell();
    };
    if (at <= now && queue.length === 0) {
      applied();
      return;
    }
    queue.push(applied);
    timers.after(at - now, () => queue.shift()?.());
  }

  return {
    update: (service, endpoints) => {
      later(() => {
        if (endpoints === noEndpoints) seen.delete(service);
        else seen.set(service, endpoints);
      });
    },
    reload: later,
    onChange: changes.add,
    get: (service) => seen.get(service)?.() ?? [],
    [Symbol.dispose]: () => {
      timers[Symbol.dispose]();
    },
  };
}

function perEndpointView(
  { clock, random }: EndpointViewOptions,
  { addMs, removeMs }: Extract<Propagation, { kind: "per-endpoint" }>,
): EndpointView {
  const truth = new Map<string, Endpoints>();
  const seen = new Map<string, Endpoints>();
  const changes = createListeners();
  const timers = createTimers(clock);

  // At its time an endpoint takes the state that is true by then, so the view converges whatever came between.
  function settle(service: string, target: string): void {
    const now = truth.get(service)?.find((endpoint) => targetOf(endpoint) === target);
    const others = (seen.get(service) ?? []).filter((endpoint) => targetOf(endpoint) !== target);
    setOrDelete(seen, service, now?.ready === true ? [...others, now] : others);
    changes.tell();
  }

  return {
    update(service, asked) {
      const endpoints = asked();
      const before = readyTargets(truth.get(service) ?? []);
      const after = readyTargets(endpoints);
      setOrDelete(truth, service, endpoints);
      for (const target of new Set([...before, ...after])) {
        if (before.has(target) === after.has(target)) continue;
        timers.after(between(after.has(target) ? addMs : removeMs, random), () => {
          settle(service, target);
        });
      }
    },
    reload: (apply) => {
      timers.after(between(addMs, random), apply);
    },
    onChange: changes.add,
    get: (service) => seen.get(service) ?? [],
    [Symbol.dispose]: () => {
      timers[Symbol.dispose]();
    },
  };
}

function createListeners(): { readonly add: (listener: () => void) => void; tell(): void } {
  const listeners: (() => void)[] = [];
  return {
    add: (listener) => void listeners.push(listener),
    tell() {
      for (const listener of listeners) listener();
    },
  };
}

interface Timers extends Disposable {
  after(delayMs: number, callback: () => void): void;
}

/** Timers that end together. */
function createTimers(clock: Clock): Timers {
  const cancels = new Set<() => void>();
  return {
    after(delayMs, callback) {
      const cancel = clock.after(delayMs, () => {
        cancels.delete(cancel);
        callback();
      });
      cancels.add(cancel);
    },
    [Symbol.dispose]() {
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}

function readyTargets(endpoints: Endpoints): Set<string> {
  return new Set(endpoints.filter((endpoint) => endpoint.ready).map((endpoint) => targetOf(endpoint)));
}

function targetOf(endpoint: EndpointState): string {
  return `${endpoint.portName} ${endpoint.ip}:${endpoint.port}`;
}

function setOrDelete(map: Map<string, Endpoints>, service: string, endpoints: Endpoints): void {
  if (endpoints.length === 0) map.delete(service);
  else map.set(service, endpoints);
}
