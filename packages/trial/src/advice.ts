import type { Cause } from "./attribute.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";

/** A path into an object, for example `["spec", "replicas"]`. */
export type FieldPath = readonly (string | number)[];

/** What to change, and where. */
export interface Advice {
  /** Why the loss happened, in one sentence. */
  readonly why: string;
  /** The field to write, with its value: `spec.template.….preStop.sleep.seconds: 5`. */
  readonly field: string | undefined;
  /** `file:line` of the field or of the object around it. */
  readonly place: string | undefined;
  /** What must become true where no field alone does it. */
  readonly also: string | undefined;
  /** All of it in one line. */
  readonly text: string;
}

/** Finds `file:line` of a field, or of its nearest ancestor that is written down. */
export type FieldPlace = (path: FieldPath) => string | undefined;

/** How long routing views need to forget a pod, with room to spare. */
const propagationSeconds = 5;
const drainSeconds = 10;

/** Derives from the manifest which missing field would have saved the request. */
export function advise(cause: Cause, facts: DeploymentFacts | undefined, placeOf: FieldPlace): Advice {
  if (facts === undefined)
    return plain(
      whyUnknown(cause),
      "find out which pod answers this path; it is in none of these Deployments",
    );
  switch (cause) {
    case "port-closed-before-endpoint-removed":
      return adviseClosedPort(facts, placeOf);
    case "connection-cut-on-exit":
      return adviseCutConnection(facts, placeOf);
    case "not-ready-yet":
      return adviseNotReady(facts, placeOf);
    case "killed-by-grace":
      return adviseKilled(facts, placeOf);
    case "no-endpoints":
      return adviseNoEndpoints(facts, placeOf);
    case "container-restarted":
      return plain(
        "a container ended by itself while it held connections: nobody deleted its pod",
        `read its last log: kubectl logs --previous; its exit code stands in the report`,
      );
    case "bad-answer":
      return plain(
        "the app answered, but with a status or body that does not count as good",
        "set trial.path in seaworthy.yaml to a path that answers 200-399 to GET and POST",
      );
    case "unrelated":
      return plain(
        "no pod ended or began near it, so it belongs to the network or to the edge, not to the rollout",
        "look at the edge's own log at that moment; run again to see whether it repeats",
      );
  }
}

function adviseClosedPort(facts: DeploymentFacts, placeOf: FieldPlace): Advice {
  const preStop = containerPath(facts, "lifecycle", "preStop");
  if (facts.preStop === undefined) {
    return field(
      "the port closed before the endpoint was withdrawn: no preStop holds SIGTERM back",
      [...preStop, "sleep", "seconds"],
      propagationSeconds,
      placeOf,
    );
  }
  if (facts.preStop.stopsApp) {
    return field(
      "the preStop hook itself ends the app, before the endpoint is withdrawn",
      [...preStop, "sleep", "seconds"],
      propagationSeconds,
      placeOf,
      "instead of the exec hook",
    );
  }
  const longer = Math.max(propagationSeconds, Math.ceil((facts.preStop.seconds ?? 0) * 2));
  return field(
    `the endpoint was withdrawn later than the preStop hook waits${facts.preStop.seconds === undefined ? "" : ` (${facts.preStop.seconds} s)`}`,
    [...preStop, "sleep", "seconds"],
    longer,
    placeOf,
  );
}

function adviseCutConnection(facts: DeploymentFacts, placeOf: FieldPlace): Advice {
  const drain =
    "on SIGTERM serve on for a few seconds with `Connection: close` on each answer, then close (no field does this for the app)";
  if (facts.preStop === undefined || facts.preStop.stopsApp) {
    return field(
      "the process ended at once and cut the connections that it held",
      containerPath(facts, "lifecycle", "preStop", "sleep", "seconds"),
      propagationSeconds,
      placeOf,
      `and ${drain}`,
    );
  }
  const grace = Math.ceil((facts.preStop.seconds ?? 0) + drainSeconds + propagationSeconds);
  if (facts.graceSeconds < grace) {
    return field(
      "the process cut connections on SIGTERM, and the grace period leaves no room for a drain",
      podPath("terminationGracePeriodSeconds"),
      grace,
      placeOf,
      `and ${drain}`,
    );
  }
  const at = placeOf(containerPath(facts));
  const why = "on SIGTERM the process ended and cut keep-alive connections that still carried requests";
  return {
    why,
    field: undefined,
    place: at,
    also: drain,
    text: [at, `container ${facts.containerName}: ${drain}`].filter(Boolean).join("  "),
  };
}

function adviseNotReady(facts: DeploymentFacts, placeOf: FieldPlace): Advice {
  const path = containerPath(facts, "readinessProbe", "httpGet", "path");
  if (!facts.hasReadinessProbe) {
    return field(
      "the new pod got requests before it listened: it has no readiness probe",
      path,
      "/readyz",
      placeOf,
      "or any path that answers 200 only when the app can serve",
    );
  }
  return field(
    "the new pod passed its readiness probe before it could serve",
    path,
    "/readyz",
    placeOf,
    "a path that answers 200 only when the app can serve",
  );
}

function adviseKilled(facts: DeploymentFacts, placeOf: FieldPlace): Advice {
  const waits = facts.preStop?.seconds ?? 0;
  if (facts.preStop !== undefined && waits >= facts.graceSeconds) {
    return field(
      `preStop waits ${waits} s but the pod is given ${facts.graceSeconds} s, so SIGKILL cuts every request that it still holds`,
      podPath("terminationGracePeriodSeconds"),
      waits + drainSeconds + propagationSeconds,
      placeOf,
    );
  }
  return field(
    `the process did not end within its ${facts.graceSeconds} s of grace and was killed with requests in flight`,
    podPath("terminationGracePeriodSeconds"),
    Math.max(facts.graceSeconds * 2, waits + drainSeconds + propagationSeconds),
    placeOf,
    "and let the process handle SIGTERM: as PID 1 it ignores the signal unless it asks for it, and a shell in front does not pass it on",
  );
}

function adviseNoEndpoints(facts: DeploymentFacts, placeOf: FieldPlace): Advice {
  if (facts.recreate) {
    return field(
      "strategy Recreate ends every pod before the first new one starts",
      ["spec", "strategy", "type"],
      "RollingUpdate",
      placeOf,
    );
  }
  const why = "for a moment no pod was ready";
  if (facts.replicas < 2)
    return field(why, ["spec", "replicas"], 2, placeOf, "and spec.strategy.rollingUpdate.maxUnavailable: 0");
  return field(why, ["spec", "strategy", "rollingUpdate", "maxUnavailable"], 0, placeOf);
}

function field(
  why: string,
  path: FieldPath,
  value: string | number,
  placeOf: FieldPlace,
  also?: string,
): Advice {
  const place = placeOf(path);
  const written = `${formatPath(path)}: ${value}`;
  const text = [place, written, also === undefined ? undefined : `(${also})`]
    .filter((part) => part !== undefined)
    .join("  ");
  return { why, field: written, place, also, text };
}

function plain(why: string, also: string): Advice {
  return { why, field: undefined, place: undefined, also, text: also };
}

function whyUnknown(cause: Cause): string {
  return cause === "unrelated"
    ? "no pod ended or began near it"
    : "a pod of no tried Deployment was concerned";
}

function podPath(...rest: (string | number)[]): FieldPath {
  return ["spec", "template", "spec", ...rest];
}

function containerPath(facts: DeploymentFacts, ...rest: (string | number)[]): FieldPath {
  return podPath("containers", facts.container, ...rest);
}

/** Writes a path as Kubernetes does: `spec.containers[0].image`. */
export function formatPath(path: FieldPath): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}
