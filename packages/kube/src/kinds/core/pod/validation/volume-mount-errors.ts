import type { Container, VolumeMount } from "../../../../object.ts";
import {
  forbiddenValue,
  invalidValue,
  notFoundValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../../field-error.ts";
import { descendingPathErrors } from "./path-errors.ts";
import type { PodContext } from "./pod-context.ts";

/** What is wrong with the volumes that a container mounts, or has as devices. */
export function* volumeMountErrors(
  field: string,
  container: Container,
  { volumes }: PodContext,
): FieldErrors {
  const { volumeMounts: mounts = [], volumeDevices: devices = [] } = container;
  const at = `${field}.volumeMounts`;
  const seen = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const { name = "", mountPath = "" } = mount as Partial<VolumeMount>;
    const own = `${at}[${index}]`;
    if (name === "") yield requiredValue(`${own}.name`);
    if (!volumes.has(name)) yield notFoundValue(`${own}.name`, name);
    if (mountPath === "") yield requiredValue(`${own}.mountPath`);
    if (seen.has(mountPath)) yield invalidValue(`${own}.mountPath`, mountPath, "must be unique");
    seen.add(mountPath);
    if (devices.some((device) => device.name === name))
      yield invalidValue(`${own}.name`, name, "must not already exist in volumeDevices");
    if (devices.some((device) => device.devicePath === mountPath))
      yield invalidValue(`${own}.mountPath`, mountPath, "must not already exist as a path in volumeDevices");
    yield* subPathErrors(at, own, mount);
    yield* propagationErrors(at, mount, container);
    yield* readOnlyErrors(`${at}.recursiveReadOnly`, mount);
  }
  yield* volumeDeviceErrors(`${field}.volumeDevices`, container, volumes);
}

/** Kubernetes names the list, not the item, in some of these. */
function* subPathErrors(list: string, own: string, mount: VolumeMount): FieldErrors {
  const { subPath = "", subPathExpr = "" } = mount;
  if (subPath !== "") yield* descendingPathErrors(`${list}.subPath`, subPath);
  if (subPathExpr === "") return;
  if (subPath !== "")
    yield invalidValue(`${own}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive");
  yield* descendingPathErrors(`${list}.subPathExpr`, subPathExpr);
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function* propagationErrors(list: string, mount: VolumeMount, container: Container): FieldErrors {
  const { mountPropagation } = mount;
  if (mountPropagation === undefined) return;
  const field = `${list}.mountPropagation`;
  if (!propagations.includes(mountPropagation)) yield unsupportedValue(field, mountPropagation, propagations);
  if (mountPropagation === "Bidirectional" && container.securityContext?.privileged !== true)
    yield forbiddenValue(field, "Bidirectional mount propagation is available only to privileged containers");
}

function* readOnlyErrors(field: string, mount: VolumeMount): FieldErrors {
  const { recursiveReadOnly, readOnly, mountPropagation = "None" } = mount;
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return;
  if (recursiveReadOnly !== "Enabled" && recursiveReadOnly !== "IfPossible")
    return yield unsupportedValue(field, recursiveReadOnly, ["Disabled", "Enabled", "IfPossible"]);
  if (readOnly !== true) yield forbiddenValue(field, "may only be specified when readOnly is true");
  if (mountPropagation !== "None")
    yield forbiddenValue(field, "may only be specified when mountPropagation is None or not specified");
}

function* volumeDeviceErrors(
  field: string,
  { volumeDevices = [], volumeMounts = [] }: Container,
  volumes: PodContext["volumes"],
): FieldErrors {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of volumeDevices.entries()) {
    const at = `${field}[${index}]`;
    const { name = "", devicePath = "" } = device as Partial<typeof device>;
    const volume = volumes.get(name);
    if (name === "") yield requiredValue(`${at}.name`);
    if (names.has(name)) yield invalidValue(`${at}.name`, name, "must be unique");
    if (volume === undefined) yield notFoundValue(`${at}.name`, name);
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined)
      yield invalidValue(
        `${at}.name`,
        name,
        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
      );
    if (devicePath === "") yield requiredValue(`${at}.devicePath`);
    if (paths.has(devicePath)) yield invalidValue(`${at}.devicePath`, devicePath, "must be unique");
    if (devicePath.split("/").includes(".."))
      yield invalidValue(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (volumeMounts.some((mount) => mount.name === name))
      yield invalidValue(`${at}.name`, name, "must not already exist in volumeMounts");
    if (volumeMounts.some((mount) => mount.mountPath === devicePath))
      yield invalidValue(`${at}.devicePath`, devicePath, "must not already exist as a path in volumeMounts");
    if (name !== "") names.add(name);
  }
}
