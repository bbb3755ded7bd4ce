import { drainSeconds, formatFieldPath, propagationSeconds, type FieldPath } from "@seaworthy/kube";
import type { Cause } from "./cause.ts";
import type { CauseEvidence } from "./cause-evidence.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { formatChange, type FieldChange, type FieldPlace } from "./field-change.ts";
import { drainCode, graceFor, preStopChange } from "./shutdown-budget.ts";

/** What to change, and where: fields that the API server accepts together, or the code, or both. */
export interface Advice {
  /** Why the loss happened, in one sentence. */
  readonly why: string;
  /** The fields to write, all of them. */
  readonly changes: readonly FieldChange[];
  /** What no field can do: what the app, its image or the settings must do. */
  readonly also: string | undefined;
  /** `file:line` of the first change, or of the container that `also` is about. */
  readonly place: string | undefined;
  /** All of it in one line. */
  readonly text: string;
}

/** What advice is derived from. */
export interface AdviceSource {
  readonly facts: DeploymentFacts | undefined;
  readonly evidence: CauseEvidence;
  readonly placeOf: FieldPlace;
}

/** Derives what would have saved the requests of a cause, from the manifest and from what was seen. */
export function advise(cause: Cause, source: AdviceSource): Advice {
  const { facts } = source;
  if (isWithoutPod(cause)) return adviceWithoutPod[cause];
  if (facts === undefined)
    return code(
      whyUnknown(cause),
      "find out which pod answers this path; it is in none of these Deployments",
      undefined,
    );
  return makers[cause]({ ...source, facts });
}

function isWithoutPod(cause: Cause): cause is keyof typeof adviceWithoutPod {
  return cause in adviceWithoutPod;
}

type Source = AdviceSource & { readonly facts: DeploymentFacts };

const adviceWithoutPod: Readonly<Record<"edge-restarted" | "outlived-edge" | "machine-crowded", Advice>> = {
  "edge-restarted": code(
    "the edge was restarted, and connections went with it or came to a process that takes none any more: no manifest of the service saves them",
    "let clients try again what is safe to repeat, and keep idle connections for a shorter time than the edge does; its operator can let it serve on until nobody sends it anything (ingress-nginx: --shutdown-grace-period, Traefik: requestAcceptGraceTimeout)",
    undefined,
  ),
  "outlived-edge": code(
    "answers took longer than the edge waits for them when it is restarted",
    "answer sooner, or in parts that a client can ask for again; its operator can let the edge wait for longer (ingress-nginx: worker-shutdown-timeout, Traefik: graceTimeOut, and the pod's grace period)",
    undefined,
  ),
  "machine-crowded": code(
    "other programs had the processors of this machine, and pods that get none serve nobody, whatever their manifest says",
    "end the other programs, or run it again where the machine has time for the trial",
    undefined,
  ),
};

const makers: Readonly<Record<Exclude<Cause, keyof typeof adviceWithoutPod>, (source: Source) => Advice>> = {
  "port-closed-before-endpoint-removed": adviseClosedPort,
  "connection-cut-on-exit": adviseCutConnection,
  "answers-badly-while-draining": adviseBadAnswers,
  "signal-not-passed-on": adviseLauncher,
  "sidecar-ended-first": adviseSidecar,
  "idle-connection-closed": adviseIdle,
  "not-ready-yet": adviseNotReady,
  "killed-by-grace": adviseKilled,
  "no-endpoints": adviseNoEndpoints,
  "container-restarted": () =>
    code(
      "a container ended by itself while it held connections: nobody deleted its pod",
      "read its last log: kubectl logs --previous; its exit code stands in the report",
      undefined,
    ),
  "bad-answer": () =>
    code(
      "the app answered, but with a status or body that does not count as good",
      "set trial.path in seaworthy.yaml to a path that answers 200-399 to GET and POST",
      undefined,
    ),
  "app-not-keeping-up": ({ facts, placeOf }) =>
    code(
      "pods that ran took no new connections, or gave no answer in time, and not because they were told to end: more came than the app keeps up with, or something blocks it",
      `container ${facts.containerName}: find what blocks it, or give it more replicas or CPU (seaworthy size measures what a pod serves); where no user sends that much, try it with a lower --rate`,
      placeOf(containerPath(facts)),
    ),
  "pod-killed": () =>
    code(
      "the trial killed the pod, and what was on its way there is lost: no field of a manifest saves it",
      "let clients try again what is safe to repeat (retries on GET at the edge); more replicas make the share smaller",
      undefined,
    ),
  "all-on-one-node": adviseOneNode,
  "bad-version": adviseBadVersion,
  unrelated: () =>
    code(
      "no pod ended or began near it, so it belongs to the network or to the edge, not to the rollout",
      "look at the edge's own log at that moment; run again to see whether it repeats",
      undefined,
    ),
};

function adviseClosedPort(source: Source): Advice {
  const { facts, evidence, placeOf } = source;
  const { preStop } = facts;
  const seconds = waitFor(evidence, preStop?.stopsAppAfter !== undefined ? 0 : (preStop?.seconds ?? 0));
  // With the hook, kept connections still end in this pod's hands.
  const also = evidence.endsAtOnce ? `and ${drainCode}` : undefined;
  if (preStop === undefined)
    return make(
      "the port was closed before the endpoint was withdrawn",
      preStopChange(facts, seconds),
      placeOf,
      also,
    );
  if (preStop.stopsAppAfter !== undefined) {
    const why = "the preStop hook itself ends the app, before the endpoint is withdrawn";
    return make(why, preStopChange(facts, seconds), placeOf, also);
  }
  const waited = preStop.seconds === undefined ? "" : ` (${preStop.seconds} s)`;
  const why = `the endpoint was withdrawn later than the preStop hook waits${waited}`;
  return make(why, preStopChange(facts, seconds), placeOf, also);
}

function adviseCutConnection(source: Source): Advice {
  const { facts, evidence, placeOf } = source;
  const { preStop } = facts;
  if (preStop === undefined || preStop.stopsAppAfter !== undefined) {
    const why = "the process ended at once and cut the connections that it held";
    return make(why, preStopChange(facts, waitFor(evidence, 0)), placeOf, `and ${drainCode}`);
  }
  const why = `on ${evidence.signal} the process ended and cut keep-alive connections that still carried requests`;
  return codeAndGrace(why, drainCode, source);
}

function adviseBadAnswers(source: Source): Advice {
  const { facts, evidence, placeOf } = source;
  const { preStop } = facts;
  const status = evidence.status === undefined ? "badly" : `with ${evidence.status}`;
  const also = `the app must answer as before until it closes, with \`Connection: close\` (in HTTP/2 GOAWAY) on each answer (Fastify: return503OnClosing: false)`;
  if (preStop === undefined || preStop.stopsAppAfter !== undefined) {
    const why = `from ${evidence.signal} on the app answers ${status}, and requests are still routed to it`;
    return make(why, preStopChange(facts, waitFor(evidence, 0)), placeOf, `and ${also}`);
  }
  const why = `from ${evidence.signal} on the app answers ${status}, and connections that clients kept still carry requests to it`;
  return codeAndGrace(why, also, source);
}

function adviseLauncher(source: Source): Advice {
  const { receiver = "the launcher", listener = "the server", signal } = source.evidence;
  const why = `${signal} went to \`${receiver}\`, which did not pass it on: \`${listener}\`, which serves, never heard of it`;
  const also = `run the server itself, with \`exec ${listener}\` in the start script or \`command: [${listener.split(" ").join(", ")}]\``;
  return codeAndGrace(why, also, source);
}

function adviseSidecar({ facts, evidence, placeOf }: Source): Advice {
  const first = evidence.endedFirst ?? "another container";
  const index = facts.containers.findIndex(({ name }) => name === first);
  const why = `container ${first} was gone while ${facts.containerName} still served: each container gets its own hook and its own signal`;
  if (index === -1)
    return code(why, `let ${first} end after ${facts.containerName}`, placeOf(containerPath(facts)));
  // It must outlive the one in front: that one's hook, and what it took to end after it.
  const front = facts.preStop?.seconds ?? 0;
  const outlives = Math.max(front, Math.ceil((evidence.servedMs ?? 0) / 1000)) + 2;
  const changes = [
    ...(facts.preStop === undefined ? preStopChange(facts, propagationSeconds) : []),
    ...preStopChange(facts, Math.max(outlives, propagationSeconds + 2), index),
  ];
  return make(why, onceEach(changes), placeOf);
}

function adviseIdle({ facts, evidence, placeOf }: Source): Advice {
  const { idleTimeoutMs, edgeIdleMs } = evidence;
  const closes = idleTimeoutMs === undefined ? "" : ` after ${seconds(idleTimeoutMs)}`;
  const keeps =
    edgeIdleMs === undefined ? "the clients" : `the edge, which keeps them for ${seconds(edgeIdleMs)}`;
  const why = `the app closes idle connections${closes}, and a request was on its way on one; no field of the Deployment helps`;
  const also = `container ${facts.containerName}: keep idle connections longer than ${keeps} (Node: server.keepAliveTimeout = ${idleAbove(edgeIdleMs)})`;
  return code(why, also, placeOf(containerPath(facts)));
}

function adviseNotReady({ facts, evidence, placeOf }: Source): Advice {
  const probe = containerPath(facts, "readinessProbe");
  const path = evidence.path ?? "/";
  const good = "a path that answers 200 only when the app can serve";
  if (!facts.hasReadinessProbe) {
    const why = "the new pod got requests before it listened: it has no readiness probe";
    const value = { httpGet: { path, port: facts.port ?? 8080 }, periodSeconds: 1 };
    return make(why, [{ path: probe, value }], placeOf, `or ${good}`);
  }
  const why = "the new pod passed its readiness probe before it could serve";
  return code(why, `container ${facts.containerName}: give the readiness probe ${good}`, placeOf(probe));
}

function adviseKilled(source: Source): Advice {
  const { facts, evidence, placeOf } = source;
  const waits = facts.preStop?.seconds ?? 0;
  const open =
    evidence.openAtKill === undefined ? "requests in flight" : `${evidence.openAtKill} connections open`;
  const grace = graceFor(waits, facts);
  if (facts.preStop !== undefined && grace !== undefined && waits >= facts.graceSeconds) {
    const why = `preStop waits ${waits} s but the pod is given ${facts.graceSeconds} s, so SIGKILL cuts every request that it still holds: ${grace.sum}`;
    return make(why, [grace.change], placeOf);
  }
  if (evidence.handlesSignal === false) {
    const why = `nobody handles ${evidence.signal}, so the pod was killed after its ${facts.graceSeconds} s of grace with ${open}`;
    return codeAndGrace(
      why,
      `handle ${evidence.signal}: ${drainCode}; a longer grace only puts it off`,
      source,
    );
  }
  const why = `the process did not end within its ${facts.graceSeconds} s of grace and was killed with ${open}`;
  const longer = Math.max(facts.graceSeconds * 2, waits + drainSeconds);
  const change = { path: podPath("terminationGracePeriodSeconds"), value: longer };
  return make(
    why,
    [change],
    placeOf,
    `and let the process end by itself after ${evidence.signal}, when its requests are done`,
  );
}

function adviseNoEndpoints({ facts, placeOf }: Source): Advice {
  const path = (name: string) => ["spec", "strategy", "rollingUpdate", name];
  if (facts.recreate) {
    const why = "strategy Recreate ends every pod before the first new one starts";
    return make(why, [{ path: ["spec", "strategy", "type"], value: "RollingUpdate" }], placeOf);
  }
  const changes = [
    ...(facts.replicas < 2 ? [{ path: ["spec", "replicas"], value: 2 }] : []),
    { path: path("maxUnavailable"), value: 0 },
    // The API server refuses 0 of both.
    ...(isZero(facts.maxSurge) ? [{ path: path("maxSurge"), value: 1 }] : []),
  ];
  return make("for a moment no pod was ready", changes, placeOf);
}

function adviseOneNode({ facts, placeOf }: Source): Advice {
  const { pinned } = facts;
  const spread = [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: facts.matchLabels },
    },
  ];
  const changes = [
    ...(facts.replicas < 2 ? [{ path: ["spec", "replicas"], value: 2 }] : []),
    ...(pinned === undefined ? [] : [{ path: podPath(pinned.field), value: pinned.free }]),
    { path: podPath("topologySpreadConstraints"), value: spread },
  ];
  const pods = facts.replicas === 1 ? "its only pod was" : "all its pods were";
  const why = pinned === undefined ? "" : `; ${pinned.field} allows no other node`;
  return make(`${pods} on the node that went, so nobody was left to serve${why}`, changes, placeOf);
}

/** A probe keeps a bad version away from users only where it asks what they ask. */
function adviseBadVersion({ facts, evidence, placeOf }: Source): Advice {
  const path = evidence.path ?? "/";
  const probe = containerPath(facts, "readinessProbe");
  const also =
    "or let fewer requests meet it: maxSurge: 1, maxUnavailable: 0 and minReadySeconds as long as you need to notice, which is a canary of one pod";
  if (facts.readinessPath === path)
    return code(
      `the version answers ${path} badly once it is ready, and well to the probe`,
      "a canary of one pod lets fewer requests meet it: maxSurge: 1, maxUnavailable: 0 and minReadySeconds as long as you need to notice",
      placeOf(probe),
    );
  if (facts.readinessPath !== undefined) {
    const why = `the readiness probe asks ${facts.readinessPath}, and users ask ${path}: it calls a version ready that answers them badly`;
    return make(why, [{ path: [...probe, "httpGet", "path"], value: path }], placeOf, also);
  }
  const why = facts.hasReadinessProbe
    ? "the readiness probe asks nothing that users ask: it calls a version ready that answers them badly"
    : "there is no readiness probe, so every version is ready that runs";
  const value = { httpGet: { path, port: facts.port ?? 8080 }, periodSeconds: 1 };
  return make(why, [{ path: probe, value }], placeOf, also);
}

function isZero(value: number | string | undefined): boolean {
  return value !== undefined && parseFloat(String(value)) === 0;
}

/** How long a hook must hold the signal back: longer than the latest request that was still sent to the pod, and than it did. */
function waitFor({ latestMs }: CauseEvidence, before: number): number {
  const seen = latestMs === undefined ? 0 : Math.ceil(latestMs / 1000) + 2;
  return Math.max(propagationSeconds, before * 2, seen);
}

function onceEach<T extends { readonly path: FieldPath }>(changes: readonly T[]): T[] {
  // Of several changes of one field, a grace, the last one is computed from the longest hook.
  return [...new Map(changes.map((change) => [formatFieldPath(change.path), change])).values()];
}

function make(
  why: string,
  changes: readonly { readonly path: FieldPath; readonly value: unknown }[],
  placeOf: FieldPlace,
  also?: string,
): Advice {
  const written = changes.map(({ path, value }): FieldChange => ({
    path: formatFieldPath(path),
    value,
    place: placeOf(path),
  }));
  const place = written[0]?.place;
  const text = [place, written.map(formatChange).join(" and "), also === undefined ? undefined : `(${also})`];
  return { why, changes: written, also, place, text: text.filter((part) => part !== undefined).join("  ") };
}

/** What the code must do, and the grace period that a drain then needs beside the hook, when there is less. */
function codeAndGrace(why: string, also: string, { facts, placeOf }: Source): Advice {
  const grace = graceFor(facts.preStop?.seconds ?? 0, facts);
  if (grace === undefined)
    return code(why, `container ${facts.containerName}: ${also}`, placeOf(containerPath(facts)));
  return make(
    `${why}; and the grace period leaves no room to drain: ${grace.sum}`,
    [grace.change],
    placeOf,
    `and in container ${facts.containerName}: ${also}`,
  );
}

function code(why: string, also: string, place: string | undefined): Advice {
  return {
    why,
    changes: [],
    also,
    place,
    text: [place, also].filter((part) => part !== undefined).join("  "),
  };
}

function whyUnknown(cause: Cause): string {
  return cause === "unrelated"
    ? "no pod ended or began near it"
    : "a pod of no tried Deployment was concerned";
}

/** A length of time for people: `6.2 s`, `60 s`. */
export function seconds(ms: number): string {
  return `${ms < 10_000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;
}

/** A little more than what the edge keeps; 65 s where that is not known, as most edges keep 60 s. */
export function idleAbove(edgeIdleMs: number | undefined): string {
  return ((edgeIdleMs ?? 60_000) + 5_000).toLocaleString("en-US").replaceAll(",", "_");
}

function podPath(...rest: (string | number)[]): FieldPath {
  return ["spec", "template", "spec", ...rest];
}

function containerPath(facts: DeploymentFacts, ...rest: (string | number)[]): FieldPath {
  return podPath("containers", facts.container, ...rest);
}
