import { compareQuantity, type Container, type PodSpec, type Probe } from "@seaworthy/kube";
import { invalidValue, type FieldError } from "./status-error.ts";

/** What is wrong with the containers of a pod or a pod template. */
export function findContainerErrors(spec: PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if ((spec.containers ?? []).length === 0) {
    errors.push({ reason: "FieldValueRequired", field: `${field}.containers`, message: "Required value" });
  }
  const names = new Set<string>();
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const at = `${field}.${list}[${index}]`;
      if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
      names.add(container.name);
      errors.push(...containerErrors(container, at, volumes));
    }
  }
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const value = spec.terminationGracePeriodSeconds;
    errors.push(
      invalidValue(`${field}.terminationGracePeriodSeconds`, value, "must be greater than or equal to 0"),
    );
  }
  return errors;
}

function containerErrors(container: Container, field: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(container.name ?? "")) {
    errors.push(invalidValue(`${field}.name`, container.name, "a lowercase RFC 1123 label is required"));
  }
  for (const [index, { name, mountPath }] of (container.volumeMounts ?? []).entries()) {
    if (volumes.has(name)) continue;
    const message = `Not found: ${JSON.stringify(name)}`;
    errors.push({ reason: "FieldValueInvalid", field: `${field}.volumeMounts[${index}].name`, message });
    if (mountPath === "")
      errors.push(invalidValue(`${field}.volumeMounts[${index}].mountPath`, "", "must be set"));
  }
  for (const [index, { containerPort }] of (container.ports ?? []).entries()) {
    if (containerPort > 0 && containerPort < 65_536) continue;
    const at = `${field}.ports[${index}].containerPort`;
    errors.push(invalidValue(at, containerPort, "must be between 1 and 65535, inclusive"));
  }
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"] as const) {
    errors.push(...probeErrors(container[probe], `${field}.${probe}`, probe));
  }
  return [...errors, ...resourceErrors(container, field)];
}

function probeErrors(probe: Probe | undefined, field: string, which: string): FieldError[] {
  if (probe === undefined) return [];
  const errors: FieldError[] = [];
  if (!["httpGet", "tcpSocket", "exec", "grpc"].some((handler) => Object.hasOwn(probe, handler))) {
    errors.push({
      reason: "FieldValueRequired",
      field,
      message: "Required value: must specify a handler type",
    });
  }
  for (const name of [
    "initialDelaySeconds",
    "periodSeconds",
    "timeoutSeconds",
    "failureThreshold",
  ] as const) {
    const value = probe[name];
    if (value !== undefined && value < 0) {
      errors.push(invalidValue(`${field}.${name}`, value, "must be greater than or equal to 0"));
    }
  }
  if (which !== "readinessProbe" && (probe.successThreshold ?? 1) !== 1) {
    errors.push(invalidValue(`${field}.successThreshold`, probe.successThreshold, "must be 1"));
  }
  return errors;
}

function resourceErrors({ resources }: Container, field: string): FieldError[] {
  return Object.entries(resources?.requests ?? {}).flatMap(([name, request]) => {
    const limit = resources?.limits?.[name];
    if (limit === undefined || compareQuantity(request, limit) <= 0) return [];
    const why = `must be less than or equal to ${name} limit of ${limit}`;
    return [invalidValue(`${field}.resources.requests`, request, why)];
  });
}

function duplicate(field: string, value: string): FieldError {
  return { reason: "FieldValueDuplicate", field, message: `Duplicate value: ${JSON.stringify(value)}` };
}
