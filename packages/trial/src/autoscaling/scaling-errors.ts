import { SeaworthyError } from "@seaworthy/errors";
import { formatFieldPath, type Manifest } from "@seaworthy/kube";
import { percentText } from "./scaling.ts";
import type { Autoscaler, CpuAutoscaler } from "./autoscaler.ts";
import { whatItSays, type WhyNot } from "./why-not.ts";

/** It will add no pod, whatever the load. */
export function cannotScale(
  now: readonly Manifest[],
  { name, target }: CpuAutoscaler,
  whyNot: WhyNot,
): SeaworthyError {
  const { kind, path = [], why, next } = whyNot;
  const object = kind === "Deployment" ? target.name : name;
  const place = manifestOf(now, kind ?? "", target.namespace, object)?.locate(path);
  return new SeaworthyError("SW6008", `HorizontalPodAutoscaler ${name} never scales up: ${why}`, {
    object: `${kind} ${target.namespace}/${object}`,
    field: formatFieldPath(path),
    ...(place === undefined ? {} : { place }),
    next: [next],
  });
}

/** The manifest of an object. */
export function manifestOf(manifests: readonly Manifest[], kind: string, namespace: string, name: string) {
  return manifests.find(
    ({ object }) =>
      object.kind === kind &&
      object.metadata.name === name &&
      (object.metadata.namespace ?? namespace) === namespace,
  );
}

/** It did nothing where it should have, in its own words. */
export function doesNothing({ name }: CpuAutoscaler, autoscaler: Autoscaler): SeaworthyError {
  const said = whatItSays(autoscaler);
  return new SeaworthyError(
    "SW6008",
    `HorizontalPodAutoscaler ${name} does not scale${said === undefined ? "" : `: ${said}`}`,
    {
      seen: (autoscaler.status?.conditions ?? []).map(
        ({ type, status, reason, message }) => `${type} ${status}, ${reason}: ${message}`,
      ),
      next: [
        `kubectl describe hpa ${name} tells what it sees; kubectl top pods must answer, which takes a metrics-server`,
      ],
    },
  );
}

/** The pods have no metrics. */
export function notMeasured({ name, target }: CpuAutoscaler): SeaworthyError {
  return new SeaworthyError(
    "SW6008",
    `nobody tells what CPU the pods of ${target.name} use, by which ${name} scales`,
    {
      next: ["kubectl top pods must answer, which takes a metrics-server"],
    },
  );
}

/** No rate that the ramp allows made the pods busy. */
export function notBusy(
  { name, target }: CpuAutoscaler,
  rate: number,
  share: number,
  why: string,
): SeaworthyError {
  return new SeaworthyError(
    "SW6008",
    `HorizontalPodAutoscaler ${name} was not brought to act: ${rate} requests/s make the pods of ${target.name} use ${percentText(share)} of its CPU target`,
    {
      why,
      next: ["run it when the machine is idle, or on one with more cores", "name what costs more: --path"],
    },
  );
}
