import type {
  V1AppArmorProfile,
  V1PodSecurityContext,
  V1SeccompProfile,
  V1SecurityContext,
} from "@kubernetes/client-node";
import type { PodSpec, Wire } from "../../../../object.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  tooLongValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { byteLength } from "../../../meta/names.ts";
import { idErrors } from "../../../meta/number-errors.ts";
import { descendingPathErrors } from "./path-errors.ts";
import { windowsOptionErrors } from "./windows-errors.ts";

type SecurityContext = Wire<V1SecurityContext>;

/** What is wrong with the security context of a container. */
export function* securityContextErrors(
  field: string,
  context: SecurityContext | undefined,
  hostUsers: boolean,
): FieldErrors {
  if (context === undefined) return;
  yield* idErrors(`${field}.runAsUser`, context.runAsUser);
  yield* idErrors(`${field}.runAsGroup`, context.runAsGroup);
  const { procMount } = context;
  if (procMount !== undefined && procMount !== "Default" && procMount !== "Unmasked")
    yield unsupportedValue(`${field}.procMount`, procMount, ["Default", "Unmasked"]);
  if (procMount === "Unmasked" && hostUsers)
    yield invalidValue(`${field}.procMount`, procMount, "`hostUsers` must be false to use `Unmasked`");
  yield* seccompErrors(`${field}.seccompProfile`, context.seccompProfile);
  if (context.allowPrivilegeEscalation === false) yield* escalationErrors(field, context);
  yield* windowsOptionErrors(`${field}.windowsOptions`, context.windowsOptions);
  yield* appArmorErrors(`${field}.appArmorProfile`, context.appArmorProfile);
}

function* escalationErrors(field: string, context: SecurityContext): FieldErrors {
  const cannot = "cannot set `allowPrivilegeEscalation` to false and";
  if (context.privileged === true)
    yield invalidValue(field, asGoStruct(context), `${cannot} \`privileged\` to true`);
  for (const capability of context.capabilities?.add ?? [])
    if (capability === "CAP_SYS_ADMIN")
      yield invalidValue(field, asGoStruct(context), `${cannot} \`capabilities.Add\` CAP_SYS_ADMIN`);
}

/** A whole security context is shown as the struct that the API server has in memory. */
function asGoStruct(context: SecurityContext): unknown {
  const capabilities = context.capabilities;
  return {
    Capabilities:
      capabilities === undefined ? null : { Add: capabilities.add ?? null, Drop: capabilities.drop ?? null },
    Privileged: context.privileged ?? null,
    SELinuxOptions: capitalized(context.seLinuxOptions, ["user", "role", "type", "level"], ""),
    WindowsOptions: capitalized(
      context.windowsOptions,
      ["gmsaCredentialSpecName", "gmsaCredentialSpec", "runAsUserName", "hostProcess"],
      null,
    ),
    RunAsUser: context.runAsUser ?? null,
    RunAsGroup: context.runAsGroup ?? null,
    RunAsNonRoot: context.runAsNonRoot ?? null,
    ReadOnlyRootFilesystem: context.readOnlyRootFilesystem ?? null,
    AllowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
    ProcMount: context.procMount ?? null,
    SeccompProfile: capitalized(context.seccompProfile, ["type", "localhostProfile"], null),
    AppArmorProfile: capitalized(context.appArmorProfile, ["type", "localhostProfile"], null),
  };
}

function capitalized(value: object | undefined, names: readonly string[], absent: unknown): unknown {
  if (value === undefined) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(names.map((name) => [goName(name), fields[name] ?? absent]));
}

function goName(name: string): string {
  return name.startsWith("gmsa") ? `GMSA${name.slice(4)}` : name.charAt(0).toUpperCase() + name.slice(1);
}

/** What is wrong with the security context of a pod. */
export function* podSecurityContextErrors(field: string, spec: PodSpec): FieldErrors {
  const context = spec.securityContext;
  if (context === undefined) return;
  yield* idErrors(`${field}.fsGroup`, context.fsGroup);
  yield* idErrors(`${field}.runAsUser`, context.runAsUser);
  yield* idErrors(`${field}.runAsGroup`, context.runAsGroup);
  for (const [index, group] of (context.supplementalGroups ?? []).entries())
    yield* idErrors(`${field}.supplementalGroups[${index}]`, group);
  if (spec.shareProcessNamespace === true && spec.hostPID === true)
    yield invalidValue(
      `${field}.shareProcessNamespace`,
      true,
      "ShareProcessNamespace and HostPID cannot both be enabled",
    );
  yield* sysctlErrors(`${field}.sysctls`, context, spec);
  yield* choiceErrors(`${field}.fsGroupChangePolicy`, context.fsGroupChangePolicy, [
    "Always",
    "OnRootMismatch",
  ]);
  yield* seccompErrors(`${field}.seccompProfile`, context.seccompProfile);
  yield* windowsOptionErrors(`${field}.windowsOptions`, context.windowsOptions);
  yield* appArmorErrors(`${field}.appArmorProfile`, context.appArmorProfile);
  yield* choiceErrors(`${field}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, [
    "Merge",
    "Strict",
  ]);
  // The gate SELinuxMount, which would allow MountOption as well, is off in v1.36.
  yield* choiceErrors(`${field}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ["Recursive"]);
}

function* choiceErrors(field: string, value: string | undefined, choices: readonly string[]): FieldErrors {
  if (value !== undefined && !choices.includes(value)) yield unsupportedValue(field, value, choices);
}

const segment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctlForm = `^(${segment}[\\./])*${segment}$`;
const sysctl = new RegExp(sysctlForm);

function* sysctlErrors(field: string, context: Wire<V1PodSecurityContext>, spec: PodSpec): FieldErrors {
  const names = new Set<string>();
  for (const [index, { name = "" }] of ((context.sysctls ?? []) as { name?: string }[]).entries()) {
    const at = `${field}[${index}].name`;
    if (name === "") yield requiredValue(at);
    else if (name.length > 253 || !sysctl.test(name))
      yield invalidValue(at, name, `must have at most 253 characters and match regex ${sysctlForm}`);
    else if (names.has(name)) yield duplicateValue(at, name);
    const dotted = name.replaceAll("/", ".");
    if (spec.hostNetwork === true && dotted.startsWith("net."))
      yield invalidValue(at, name, "may not be specified when 'hostNetwork' is true");
    else if (spec.hostIPC === true && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted))
      yield invalidValue(at, name, "may not be specified when 'hostIPC' is true");
    names.add(name);
  }
}

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

function* seccompErrors(field: string, profile: Wire<V1SeccompProfile> | undefined): FieldErrors {
  if (profile === undefined) return;
  const { type = "", localhostProfile } = profile as Partial<typeof profile>;
  if (type === "") yield requiredValue(`${field}.type`, "type is required when seccompProfile is set");
  else if (!profileTypes.includes(type)) yield unsupportedValue(`${field}.type`, type, profileTypes);
  const at = `${field}.localhostProfile`;
  if (type === "Localhost") {
    if (localhostProfile === undefined) yield requiredValue(at, "must be set when seccomp type is Localhost");
    else yield* descendingPathErrors(at, localhostProfile);
  } else if (localhostProfile !== undefined) {
    const shown = { Type: type, LocalhostProfile: localhostProfile };
    yield invalidValue(at, shown, "can only be set when seccomp type is Localhost");
  }
}

function* appArmorErrors(field: string, profile: Wire<V1AppArmorProfile> | undefined): FieldErrors {
  if (profile === undefined) return;
  const { type = "", localhostProfile } = profile as Partial<typeof profile>;
  const at = `${field}.localhostProfile`;
  if (type === "") {
    yield requiredValue(`${field}.type`, "type is required when appArmorProfile is set");
  } else if (!profileTypes.includes(type)) {
    yield unsupportedValue(`${field}.type`, type, profileTypes);
  } else if (type !== "Localhost") {
    if (localhostProfile !== undefined)
      yield invalidValue(at, localhostProfile, "can only be set when AppArmor type is Localhost");
  } else if (localhostProfile === undefined) {
    yield requiredValue(at, "must be set when AppArmor type is Localhost");
  } else {
    if (localhostProfile.trim() !== localhostProfile)
      yield invalidValue(at, localhostProfile, "must not be padded with whitespace");
    else if (localhostProfile === "") yield requiredValue(at, "must be set when AppArmor type is Localhost");
    if (byteLength(localhostProfile) > 4095) yield tooLongValue(at, 4095);
  }
}
