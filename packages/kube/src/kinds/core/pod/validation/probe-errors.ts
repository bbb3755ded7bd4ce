import type { Lifecycle, LifecycleHandler, Probe } from "../../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { nonNegativeErrors, portErrors } from "../../../meta/number-errors.ts";
import { httpHeaderName, portName } from "../../../meta/names.ts";

type Handler = Probe & LifecycleHandler;

/** What is wrong with the three probes of a container. */
export function* probeErrors(
  field: string,
  container: {
    readonly livenessProbe?: Probe;
    readonly readinessProbe?: Probe;
    readonly startupProbe?: Probe;
  },
  gracePeriodSeconds: number | undefined,
): FieldErrors {
  for (const which of ["livenessProbe", "readinessProbe", "startupProbe"] as const) {
    const probe = container[which];
    if (probe === undefined) continue;
    const at = `${field}.${which}`;
    yield* anyProbeErrors(at, probe, gracePeriodSeconds);
    if (which !== "readinessProbe") {
      const { successThreshold = 1 } = probe;
      if (successThreshold !== 1) yield invalidValue(`${at}.successThreshold`, successThreshold, "must be 1");
    } else if (probe.terminationGracePeriodSeconds !== undefined) {
      const why = "must not be set for readinessProbes";
      yield invalidValue(`${at}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds, why);
    }
  }
}

/** What is wrong with the hooks of a container. A stop signal is dropped before validation unless its gate is on. */
export function* lifecycleErrors(
  field: string,
  lifecycle: Lifecycle,
  gracePeriodSeconds: number | undefined,
): FieldErrors {
  for (const hook of ["postStart", "preStop"] as const) {
    const handler = lifecycle[hook];
    if (handler !== undefined) yield* handlerErrors(`${field}.${hook}`, handler, gracePeriodSeconds);
  }
}

function* anyProbeErrors(field: string, probe: Probe, gracePeriodSeconds: number | undefined): FieldErrors {
  yield* handlerErrors(field, probe, gracePeriodSeconds);
  for (const name of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ] as const)
    yield* nonNegativeErrors(`${field}.${name}`, probe[name]);
  const { terminationGracePeriodSeconds: grace } = probe;
  if (grace !== undefined && grace <= 0)
    yield invalidValue(`${field}.terminationGracePeriodSeconds`, grace, "must be greater than 0");
}

function* handlerErrors(
  field: string,
  handler: Handler,
  gracePeriodSeconds: number | undefined,
): FieldErrors {
  let isSet = false;
  for (const type of ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const) {
    if (handler[type] === undefined) continue;
    if (isSet) yield forbiddenValue(`${field}.${type}`, "may not specify more than 1 handler type");
    else yield* actionErrors[type](`${field}.${type}`, handler, gracePeriodSeconds);
    isSet = true;
  }
  if (!isSet) yield requiredValue(field, "must specify a handler type");
}

const actionErrors: Readonly<
  Record<
    "exec" | "httpGet" | "tcpSocket" | "grpc" | "sleep",
    (field: string, handler: Handler, gracePeriodSeconds: number | undefined) => FieldErrors
  >
> = {
  *exec(field, { exec }) {
    if ((exec?.command ?? []).length === 0) yield requiredValue(`${field}.command`);
  },
  *httpGet(field, { httpGet }) {
    yield* numberOrNameErrors(`${field}.port`, httpGet?.port);
    const { scheme = "HTTP", httpHeaders = [] } = httpGet ?? {};
    if (scheme !== "HTTP" && scheme !== "HTTPS")
      yield unsupportedValue(`${field}.scheme`, scheme, ["HTTP", "HTTPS"]);
    for (const { name = "" } of httpHeaders as { name?: string }[])
      yield* invalidBecause(`${field}.httpHeaders`, name, httpHeaderName(name));
  },
  tcpSocket: (field, { tcpSocket }) => numberOrNameErrors(`${field}.port`, tcpSocket?.port),
  grpc: (field, { grpc }) => portErrors(`${field}.port`, (grpc as { port?: number } | undefined)?.port ?? 0),
  *sleep(field, { sleep }, gracePeriodSeconds) {
    const { seconds = 0 } = (sleep ?? {}) as { seconds?: number };
    if (gracePeriodSeconds === undefined || (seconds >= 0 && seconds <= gracePeriodSeconds)) return;
    const why = `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriodSeconds})`;
    yield invalidValue(field, seconds, why);
  },
};

/** A port by its number, or by its name; a number in quotes is a name, and a bad one. */
export function numberOrNameErrors(field: string, port: unknown): FieldErrors {
  return typeof port === "string"
    ? invalidBecause(field, port, portName(port))
    : portErrors(field, typeof port === "number" ? port : 0);
}
