import type { Container, PodSpec } from "../../../../object.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  notFoundValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { dns1123Label, portName } from "../../../meta/names.ts";
import { portErrors } from "../../../meta/number-errors.ts";
import { envErrors, envFromErrors } from "./env-errors.ts";
import { lifecycleErrors, probeErrors } from "./probe-errors.ts";
import type { PodContext } from "./pod-context.ts";
import { pullPolicyErrors } from "./pull-policy-errors.ts";
import { containerResourceErrors } from "./resource-errors.ts";
import { restartRuleErrors } from "./restart-rule-errors.ts";
import { isSidecar } from "../running-containers.ts";
import { securityContextErrors } from "./security-context-errors.ts";
import { volumeMountErrors } from "./volume-mount-errors.ts";

/** What is wrong with the containers of a pod, those of its beginning, and those that were added to look into it. */
export function* containersErrors(field: string, spec: PodSpec, context: PodContext): FieldErrors {
  yield* mainContainersErrors(`${field}.containers`, spec.containers ?? [], context);
  yield* initContainersErrors(`${field}.initContainers`, spec, context);
  yield* ephemeralContainersErrors(`${field}.ephemeralContainers`, spec, context);
}

function* mainContainersErrors(
  field: string,
  containers: readonly Container[],
  context: PodContext,
): FieldErrors {
  if (containers.length === 0) return yield requiredValue(field);
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${field}[${index}]`;
    const { name = "" } = container as Partial<Container>;
    yield* commonErrors(at, container, context);
    if (names.has(name)) yield duplicateValue(`${at}.name`, name);
    names.add(name);
    if (container.lifecycle !== undefined)
      yield* lifecycleErrors(`${at}.lifecycle`, container.lifecycle, context.gracePeriodSeconds);
    yield* probeErrors(at, container, context.gracePeriodSeconds);
    yield* restartRuleErrors(at, container);
  }
  yield* hostPortErrors(field, containers);
}

function* initContainersErrors(field: string, spec: PodSpec, context: PodContext): FieldErrors {
  const names = new Set((spec.containers ?? []).map(({ name }) => name));
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { name = "" } = container as Partial<Container>;
    yield* commonErrors(at, container, context);
    yield* restartRuleErrors(at, container);
    if (names.has(name)) yield duplicateValue(`${at}.name`, name);
    else if (name !== "") names.add(name);
    yield* hostPortErrors(field, [container]);
    if (isSidecar(container)) {
      if (container.lifecycle !== undefined)
        yield* lifecycleErrors(`${at}.lifecycle`, container.lifecycle, context.gracePeriodSeconds);
      yield* probeErrors(at, container, context.gracePeriodSeconds);
    } else {
      yield* sidecarOnlyErrors(at, container);
    }
  }
}

function* sidecarOnlyErrors(field: string, container: Container): FieldErrors {
  for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
    if (container[name] !== undefined)
      yield forbiddenValue(
        `${field}.${name}`,
        "may not be set for init containers without restartPolicy=Always",
      );
  for (const [index, policy] of (container.resizePolicy ?? []).entries())
    if (policy.restartPolicy === "RestartContainer")
      yield invalidWord(
        `${field}.resizePolicy[${index}].restartPolicy`,
        policy.restartPolicy,
        "must not be set to 'RestartContainer' for non-sidecar initContainers",
      );
}

function* ephemeralContainersErrors(field: string, spec: PodSpec, context: PodContext): FieldErrors {
  const others = new Set(
    [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name),
  );
  const names = new Set(others);
  for (const [index, container] of (spec.ephemeralContainers ?? []).entries()) {
    const at = `${field}[${index}]`;
    yield* commonErrors(at, container, context);
    yield* imageSpaceErrors(at, container.image);
    if (names.has(container.name)) yield duplicateValue(`${at}.name`, container.name);
    names.add(container.name);
    const { targetContainerName = "" } = container;
    if (targetContainerName !== "" && !others.has(targetContainerName))
      yield notFoundValue(`${at}.targetContainerName`, targetContainerName);
    for (const name of notEphemeral) {
      const value = container[name];
      const isSet = value !== undefined && Object.keys(value).length > 0;
      if (isSet) yield forbiddenValue(`${at}.${name}`, "cannot be set for an Ephemeral Container");
    }
    for (const [position, mount] of (container.volumeMounts ?? []).entries())
      for (const name of ["subPath", "subPathExpr"] as const)
        if ((mount[name] ?? "") !== "")
          yield forbiddenValue(
            `${at}.volumeMounts[${position}].${name}`,
            "cannot be set for an Ephemeral Container",
          );
  }
}

const notEphemeral = [
  "ports",
  "resources",
  "resizePolicy",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

function* commonErrors(field: string, container: Container, context: PodContext): FieldErrors {
  const { name = "", image = "", terminationMessagePolicy = "File" } = container as Partial<Container>;
  if (name === "") yield requiredValue(`${field}.name`);
  else yield* invalidBecause(`${field}.name`, name, dns1123Label(name));
  if (image === "") yield requiredValue(`${field}.image`);
  if (!messagePolicies.includes(terminationMessagePolicy))
    yield unsupportedValue(`${field}.terminationMessagePolicy`, terminationMessagePolicy, messagePolicies);
  yield* containerPortErrors(`${field}.ports`, container.ports);
  yield* envErrors(`${field}.env`, container.env);
  yield* envFromErrors(`${field}.envFrom`, container.envFrom);
  yield* volumeMountErrors(field, container, context);
  yield* pullPolicyErrors(`${field}.imagePullPolicy`, container.imagePullPolicy);
  yield* containerResourceErrors(`${field}.resources`, container.resources, context.claimNames);
  yield* resizePolicyErrors(`${field}.resizePolicy`, container.resizePolicy, context.restartPolicy);
  yield* securityContextErrors(`${field}.securityContext`, container.securityContext, context.hostUsers);
}

const messagePolicies = ["File", "FallbackToLogsOnError"];
const protocols = ["SCTP", "TCP", "UDP"];

function* containerPortErrors(field: string, ports: Container["ports"]): FieldErrors {
  const names = new Set<string>();
  for (const [index, port] of (ports ?? []).entries()) {
    const at = `${field}[${index}]`;
    const { name = "", containerPort = 0, hostPort = 0, protocol = "TCP" } = port as Partial<typeof port>;
    if (name !== "") {
      const reasons = portName(name);
      yield* invalidBecause(`${at}.name`, name, reasons);
      if (reasons.length === 0 && names.has(name)) yield duplicateValue(`${at}.name`, name);
      if (reasons.length === 0) names.add(name);
    }
    if (containerPort === 0) yield requiredValue(`${at}.containerPort`);
    else yield* portErrors(`${at}.containerPort`, containerPort);
    if (hostPort !== 0) yield* portErrors(`${at}.hostPort`, hostPort);
    if (!protocols.includes(protocol)) yield unsupportedValue(`${at}.protocol`, protocol, protocols);
  }
}

function* hostPortErrors(field: string, containers: readonly Container[]): FieldErrors {
  const taken = new Set<string>();
  for (const [index, container] of containers.entries()) {
    for (const [position, port] of (container.ports ?? []).entries()) {
      if ((port.hostPort ?? 0) === 0) continue;
      const key = `${port.protocol ?? "TCP"}/${port.hostIP ?? ""}/${port.hostPort}`;
      if (taken.has(key)) yield duplicateValue(`${field}[${index}].ports[${position}].hostPort`, key);
      taken.add(key);
    }
  }
}

const resizable = ["cpu", "memory"];
const resizeRestarts = ["NotRequired", "RestartContainer"];

function* resizePolicyErrors(
  field: string,
  policies: Container["resizePolicy"],
  podRestartPolicy: string | undefined,
): FieldErrors {
  const seen = new Set<string>();
  for (const [index, policy] of (policies ?? []).entries()) {
    const { resourceName = "", restartPolicy = "" } = policy as Partial<typeof policy>;
    if (seen.has(resourceName)) yield duplicateValue(`${field}[${index}]`, resourceName);
    seen.add(resourceName);
    if (resourceName === "") yield requiredValue(field);
    else if (!resizable.includes(resourceName)) yield unsupportedValue(field, resourceName, resizable);
    if (restartPolicy === "") yield requiredValue(field);
    else if (!resizeRestarts.includes(restartPolicy))
      yield unsupportedValue(field, restartPolicy, resizeRestarts);
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired")
      yield invalidWord(field, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
  }
}

/** An image with spaces around it: a pod is refused, its template is not. */
export function* imageSpaceErrors(field: string, image: string | undefined): FieldErrors {
  if (image !== undefined && image.trim() !== image)
    yield invalidValue(`${field}.image`, image, "must not have leading or trailing whitespace");
}
