import type { V1WindowsSecurityContextOptions } from "@kubernetes/client-node";
import type { Container, PodSpec, Wire } from "../../../../object.ts";
import { forbiddenValue, invalidBecause, invalidValue, type FieldErrors } from "../../../field-error.ts";
import { byteLength, dns1123Subdomain } from "../../../meta/names.ts";
import { windowsUserErrors } from "./windows-user-errors.ts";

type WindowsOptions = Wire<V1WindowsSecurityContextOptions>;

/** What is wrong with the options for Windows. */
export function* windowsOptionErrors(field: string, options: WindowsOptions | undefined): FieldErrors {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options ?? {};
  if (gmsaCredentialSpecName !== undefined)
    yield* invalidBecause(
      `${field}.gmsaCredentialSpecName`,
      gmsaCredentialSpecName,
      dns1123Subdomain(gmsaCredentialSpecName),
    );
  if (gmsaCredentialSpec === "")
    yield invalidValue(
      `${field}.gmsaCredentialSpec`,
      gmsaCredentialSpec,
      "gmsaCredentialSpec cannot be an empty string",
    );
  else if (byteLength(gmsaCredentialSpec ?? "") > 64 * 1024)
    yield invalidValue(
      `${field}.gmsaCredentialSpec`,
      gmsaCredentialSpec,
      "gmsaCredentialSpec size must be under 64 KiB",
    );
  if (runAsUserName !== undefined) yield* windowsUserErrors(`${field}.runAsUserName`, runAsUserName);
}

/** What is wrong with the containers of a pod that are processes of the node itself: all are, or none. */
export function* hostProcessErrors(field: string, spec: PodSpec): FieldErrors {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = [...containersOf(field, spec)];
  const ofContainer = ({ securityContext }: Container): boolean | undefined =>
    securityContext?.windowsOptions?.hostProcess;
  for (const [at, container] of containers) {
    const own = ofContainer(container);
    if (ofPod !== undefined && own !== undefined && own !== ofPod)
      yield invalidValue(
        `${at}.securityContext.windowsOptions.hostProcess`,
        own,
        `pod hostProcess value must be identical if both are specified, was ${ofPod}`,
      );
  }
  const count = containers.filter(([, container]) => ofContainer(container) ?? ofPod ?? false).length;
  if (count === 0) return;
  if (count < containers.length)
    yield invalidValue(
      field,
      "",
      "If pod contains any hostProcess containers then all containers must be HostProcess containers",
    );
  if (spec.hostNetwork !== true)
    yield invalidValue(
      `${field}.hostNetwork`,
      false,
      "hostNetwork must be true if pod contains any hostProcess containers",
    );
}

/** What a pod that names its operating system may not set, because that system does not have it. */
export function* osErrors(field: string, spec: PodSpec): FieldErrors {
  if (spec.os?.name === "linux") yield* linuxErrors(field, spec);
  if (spec.os?.name === "windows") yield* windowsErrors(field, spec);
}

function* linuxErrors(field: string, spec: PodSpec): FieldErrors {
  const cannot = "windows options cannot be set for a linux pod";
  if (spec.securityContext?.windowsOptions !== undefined)
    yield forbiddenValue(`${field}.securityContext.windowsOptions`, cannot);
  for (const [at, { securityContext }] of containersOf(field, spec))
    if (securityContext?.windowsOptions !== undefined)
      yield forbiddenValue(`${at}.securityContext.windowsOptions`, cannot);
}

const podOnly = [
  "appArmorProfile",
  "seLinuxOptions",
  ["hostUsers"],
  ["hostPID"],
  ["hostIPC"],
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  ["shareProcessNamespace"],
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
] as const;

const containerOnly = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
] as const;

function* windowsErrors(field: string, spec: PodSpec): FieldErrors {
  const cannot = "cannot be set for a windows pod";
  for (const name of podOnly) {
    if (typeof name !== "string") {
      const value = spec[name[0]];
      const isSet = name[0] === "hostPID" || name[0] === "hostIPC" ? value === true : value !== undefined;
      if (isSet) yield forbiddenValue(`${field}.${name[0]}`, cannot);
    } else if (spec.securityContext?.[name] !== undefined) {
      yield forbiddenValue(`${field}.securityContext.${name}`, cannot);
    }
  }
  for (const [at, { securityContext }] of containersOf(field, spec))
    for (const name of containerOnly)
      if (securityContext?.[name] !== undefined)
        yield forbiddenValue(`${at}.securityContext.${name}`, cannot);
}

/** Every container of a pod, with its place, in the order in which Kubernetes visits them. */
export function* containersOf(field: string, spec: PodSpec): Generator<[at: string, container: Container]> {
  for (const list of ["initContainers", "containers", "ephemeralContainers"] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      yield [`${field}.${list}[${index}]`, container];
}
