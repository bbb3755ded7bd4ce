import type { PodSpec } from "../../../../object.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  notFoundValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { ipErrors } from "../../../meta/ip-address.ts";
import { labelErrors } from "../../../meta/label-errors.ts";
import { byteLength, dns1123Label, dns1123Subdomain, qualifiedName } from "../../../meta/names.ts";
import { rangeErrors } from "../../../meta/number-errors.ts";
import { affinityErrors } from "./affinity-errors.ts";
import { containersErrors } from "./container-errors.ts";
import { dnsConfigErrors } from "./dns-config-errors.ts";
import { podContextOf } from "./pod-context.ts";
import { resourceClaimErrors } from "./resource-claim-errors.ts";
import { containerResourceErrors, podResourceErrors } from "./resource-errors.ts";
import { schedulingGateErrors, tolerationErrors, topologySpreadErrors } from "./scheduling-errors.ts";
import { podSecurityContextErrors } from "./security-context-errors.ts";
import { checkVolumes } from "./volume-errors.ts";
import { containersOf, hostProcessErrors, osErrors } from "./windows-errors.ts";

/**
 * What is wrong with the spec of a pod; `podName` is absent for the template of one. What has a default is not asked
 * for. https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go (ValidatePodSpec)
 */
export function* podSpecErrors(field: string, spec: PodSpec, pod?: { readonly name: string }): FieldErrors {
  const { errors, sound } = checkVolumes(`${field}.volumes`, spec.volumes, pod?.name, pod !== undefined);
  const context = podContextOf(spec, pod !== undefined, sound);
  yield* errors;
  yield* resourceClaimErrors(`${field}.resourceClaims`, spec.resourceClaims);
  yield* containersErrors(field, spec, context);
  yield* podResourceErrors(field, spec, context.claimNames);
  yield* hostNetworkErrors(field, spec, context.isPod);
  yield* choiceErrors(`${field}.restartPolicy`, spec.restartPolicy, ["Always", "OnFailure", "Never"]);
  yield* choiceErrors(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies);
  yield* labelErrors(`${field}.nodeSelector`, spec.nodeSelector);
  yield* podSecurityContextErrors(`${field}.securityContext`, spec);
  yield* affinityErrors(`${field}.affinity`, spec.affinity);
  yield* dnsConfigErrors(`${field}.dnsConfig`, spec);
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries())
    yield* invalidBecause(
      `${field}.readinessGates[${index}].conditionType`,
      conditionType ?? "",
      qualifiedName(conditionType ?? ""),
    );
  yield* schedulingGateErrors(`${field}.schedulingGates`, spec.schedulingGates);
  yield* topologySpreadErrors(`${field}.topologySpreadConstraints`, spec.topologySpreadConstraints);
  yield* hostProcessErrors(field, spec);
  yield* hostUsersErrors(field, spec);
  yield* hostnameOverrideErrors(field, spec);
  yield* nameErrors(field, spec);
  yield* tolerationErrors(`${field}.tolerations`, spec.tolerations);
  yield* hostAliasErrors(`${field}.hostAliases`, spec.hostAliases);
  yield* classErrors(field, spec);
  yield* containerResourceErrors(
    `${field}.overhead`,
    spec.overhead === undefined ? undefined : { limits: spec.overhead },
    context.claimNames,
  );
  const { name: os = "" } = (spec.os ?? {}) as { name?: string };
  if (spec.os !== undefined && os === "") yield requiredValue(`${field}.os.name`);
  else if (spec.os !== undefined) yield* choiceErrors(`${field}.os`, os, ["linux", "windows"]);
  yield* osErrors(field, spec);
  yield* fileKeyVolumeErrors(field, spec);
}

const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

function* choiceErrors(field: string, value: string | undefined, choices: readonly string[]): FieldErrors {
  if (value !== undefined && !choices.includes(value)) yield unsupportedValue(field, value, choices);
}

function* hostNetworkErrors(field: string, spec: PodSpec, isPod: boolean): FieldErrors {
  if (spec.hostNetwork !== true) return;
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [position, { hostPort = 0, containerPort }] of (container.ports ?? []).entries()) {
      if ((!isPod && hostPort === 0) || hostPort === (containerPort ?? 0)) continue;
      const at = `${field}.containers[${index}].ports[${position}].hostPort`;
      yield invalidValue(at, hostPort, "must match `containerPort` when `hostNetwork` is true");
    }
  }
}

function* hostUsersErrors(field: string, spec: PodSpec): FieldErrors {
  if (spec.hostUsers !== false) return;
  const why = "when `hostUsers` is false";
  if (spec.hostNetwork === true) yield forbiddenValue(`${field}.hostNetwork`, why);
  if (spec.hostPID === true) yield forbiddenValue(`${field}.HostPID`, why);
  if (spec.hostIPC === true) yield forbiddenValue(`${field}.HostIPC`, why);
  for (const [at, { volumeDevices = [] }] of containersOf(field, spec))
    if (volumeDevices.length > 0) yield forbiddenValue(`${at}.volumeDevices`, why);
}

function* hostnameOverrideErrors(field: string, spec: PodSpec): FieldErrors {
  const { hostnameOverride: name } = spec;
  if (name === undefined) return;
  const at = `${field}.hostnameOverride`;
  if (spec.setHostnameAsFQDN === true)
    yield forbiddenValue(at, "may not be specified when setHostnameAsFQDN is true");
  if (spec.hostNetwork === true) yield forbiddenValue(at, "may not be specified when hostNetwork is true");
  if (byteLength(name) > 64) yield tooLongValue(at, 64);
  yield* invalidBecause(at, name, dns1123Subdomain(name));
}

function* nameErrors(field: string, spec: PodSpec): FieldErrors {
  yield* optionalName(`${field}.serviceAccountName`, spec.serviceAccountName, dns1123Subdomain);
  yield* optionalName(`${field}.nodeName`, spec.nodeName, dns1123Subdomain);
  yield* rangeErrors(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, 2_147_483_647);
  yield* optionalName(`${field}.hostname`, spec.hostname, dns1123Label);
  yield* optionalName(`${field}.subdomain`, spec.subdomain, dns1123Label);
}

function* classErrors(field: string, spec: PodSpec): FieldErrors {
  yield* optionalName(`${field}.priorityClassName`, spec.priorityClassName, dns1123Subdomain);
  if (spec.runtimeClassName !== undefined)
    yield* invalidBecause(
      `${field}.runtimeClassName`,
      spec.runtimeClassName,
      dns1123Subdomain(spec.runtimeClassName),
    );
  yield* choiceErrors(`${field}.preemptionPolicy`, spec.preemptionPolicy, ["PreemptLowerPriority", "Never"]);
}

function* optionalName(
  field: string,
  name: string | undefined,
  check: (name: string) => string[],
): FieldErrors {
  if (name !== undefined && name !== "") yield* invalidBecause(field, name, check(name));
}

function* hostAliasErrors(field: string, aliases: PodSpec["hostAliases"]): FieldErrors {
  for (const [index, { ip, hostnames = [] }] of (aliases ?? []).entries()) {
    yield* ipErrors(`${field}[${index}].ip`, ip ?? "");
    for (const [position, name] of hostnames.entries())
      yield* invalidBecause(`${field}[${index}].hostnames[${position}]`, name, dns1123Subdomain(name));
  }
}

function* fileKeyVolumeErrors(field: string, spec: PodSpec): FieldErrors {
  for (const [at, { env = [] }] of containersOf(field, spec)) {
    for (const [index, { valueFrom }] of env.entries()) {
      const volumeName = valueFrom?.fileKeyRef?.volumeName;
      if (volumeName === undefined) continue;
      const own = `${at}.env[${index}].valueFrom.fileKeyRef.volumeName`;
      const volume = (spec.volumes ?? []).find(({ name }) => name === volumeName);
      if (volume === undefined) yield notFoundValue(own, volumeName);
      else if (volume.emptyDir === undefined)
        yield invalidValue(own, volumeName, "referenced volume must be of type emptyDir");
    }
  }
}
