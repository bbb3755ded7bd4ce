import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { isEmpty, objectIn, whenAbsent, whenEmpty } from "./fill-in.ts";
import { defaultImagePullPolicy } from "./image-pull-policy.ts";

/**
 * The defaults of types that stand inside objects, by the name of their schema; those of whole objects are with their kinds.
 * A default takes the place of what is absent or, where Kubernetes cannot tell the two apart, of a zero value.
 * https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/apis: core, apps, networking, discovery: v1/defaults.go
 */
export const typeDefaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  "core.v1.PodSpec"(spec) {
    whenEmpty(spec, "dnsPolicy", "ClusterFirst");
    whenEmpty(spec, "restartPolicy", "Always");
    whenAbsent(spec, "securityContext", {});
    whenAbsent(spec, "terminationGracePeriodSeconds", 30);
    whenEmpty(spec, "schedulerName", "default-scheduler");
    // The deprecated spelling always mirrors the other one (Convert_v1_PodSpec_To_core_PodSpec).
    if (!isEmpty(spec["serviceAccount"])) whenEmpty(spec, "serviceAccountName", spec["serviceAccount"]);
    if (!isEmpty(spec["serviceAccountName"])) spec["serviceAccount"] = spec["serviceAccountName"];
  },
  "core.v1.Container": defaultContainer,
  "core.v1.EphemeralContainer": defaultContainer,
  "core.v1.ContainerPort": defaultProtocol,
  "core.v1.Probe"(probe) {
    whenEmpty(probe, "timeoutSeconds", 1);
    whenEmpty(probe, "periodSeconds", 10);
    whenEmpty(probe, "successThreshold", 1);
    whenEmpty(probe, "failureThreshold", 3);
  },
  "core.v1.HTTPGetAction"(action) {
    whenEmpty(action, "path", "/");
    whenEmpty(action, "scheme", "HTTP");
  },
  "core.v1.GRPCAction": (action) => whenAbsent(action, "service", ""),
  "core.v1.Volume": defaultVolume,
  "core.v1.SecretVolumeSource": defaultFileMode,
  "core.v1.ConfigMapVolumeSource": defaultFileMode,
  "core.v1.DownwardAPIVolumeSource": defaultFileMode,
  "core.v1.ProjectedVolumeSource": defaultFileMode,
  "core.v1.ServiceAccountTokenProjection": (projection) => whenAbsent(projection, "expirationSeconds", 3600),
  "core.v1.HostPathVolumeSource": (source) => whenAbsent(source, "type", ""),
  "core.v1.ISCSIVolumeSource": defaultIscsi,
  "core.v1.ISCSIPersistentVolumeSource": defaultIscsi,
  "core.v1.RBDVolumeSource": defaultRbd,
  "core.v1.RBDPersistentVolumeSource": defaultRbd,
  "core.v1.ScaleIOVolumeSource": defaultScaleIO,
  "core.v1.ScaleIOPersistentVolumeSource": defaultScaleIO,
  "core.v1.AzureDiskVolumeSource"(source) {
    whenAbsent(source, "cachingMode", "ReadWrite");
    whenAbsent(source, "fsType", "ext4");
    whenAbsent(source, "readOnly", false);
    whenAbsent(source, "kind", "Shared");
  },
  "core.v1.NodeSpec": agreeOnPodRanges,
  "core.v1.ObjectFieldSelector": (selector) => whenEmpty(selector, "apiVersion", "v1"),
  "core.v1.NodeStatus"(status) {
    if (isJsonObject(status["capacity"])) whenAbsent(status, "allocatable", { ...status["capacity"] });
  },
  "core.v1.ServicePort"(port) {
    whenEmpty(port, "protocol", "TCP");
    whenEmpty(port, "targetPort", port["port"] ?? 0);
  },
  "core.v1.EndpointPort": defaultProtocol,
  "discovery.v1.EndpointPort"(port) {
    whenAbsent(port, "name", "");
    whenAbsent(port, "protocol", "TCP");
  },
  "networking.v1.IngressClassParametersReference": (reference) => whenAbsent(reference, "scope", "Cluster"),
  "core.v1.LimitRangeItem": defaultLimits,
  "core.v1.PersistentVolumeClaim"(claim) {
    objectIn(claim, "spec");
    whenEmpty(objectIn(claim, "status"), "phase", "Pending");
  },
  "core.v1.PersistentVolumeClaimTemplate": writeOutMetadata,
  "core.v1.PodTemplateSpec": writeOutMetadata,
  "discovery.v1.Endpoint": (endpoint) => whenAbsent(endpoint, "conditions", {}),
  "resource.v1.ResourceClaimTemplateSpec": writeOutMetadata,
  "batch.v1.PodFailurePolicyOnPodConditionsPattern": (pattern) => whenEmpty(pattern, "status", "True"),
  "core.v1.PersistentVolumeClaimSpec": (spec) => whenAbsent(spec, "volumeMode", "Filesystem"),
  "admissionregistration.v1.MatchResources": defaultMatches,
  "admissionregistration.v1.MutatingAdmissionPolicySpec": defaultFailurePolicy,
  "admissionregistration.v1.MutatingWebhook"(hook) {
    defaultHook(hook);
    whenAbsent(hook, "reinvocationPolicy", "Never");
  },
  "admissionregistration.v1.NamedRuleWithOperations": defaultScope,
  "admissionregistration.v1.RuleWithOperations": defaultScope,
  "admissionregistration.v1.ServiceReference": defaultHttpsPort,
  "admissionregistration.v1.ValidatingAdmissionPolicySpec": defaultFailurePolicy,
  "admissionregistration.v1.ValidatingWebhook": defaultHook,
  "apiregistration.v1.ServiceReference": defaultHttpsPort,
  "networking.v1.NetworkPolicyPort": defaultProtocol,
  "resource.v1.DeviceSubRequest": defaultAllocation,
  "resource.v1.ExactDeviceRequest": defaultAllocation,
};

function defaultContainer(container: JsonObject): void {
  whenEmpty(container, "imagePullPolicy", defaultImagePullPolicy(container["image"]));
  whenEmpty(container, "terminationMessagePath", "/dev/termination-log");
  whenEmpty(container, "terminationMessagePolicy", "File");
  whenAbsent(container, "resources", {});
}

function defaultProtocol(port: JsonObject): void {
  whenEmpty(port, "protocol", "TCP");
}

function defaultFileMode(source: JsonObject): void {
  whenAbsent(source, "defaultMode", 0o644);
}

function defaultIscsi(source: JsonObject): void {
  whenEmpty(source, "iscsiInterface", "default");
}

function defaultRbd(source: JsonObject): void {
  whenEmpty(source, "pool", "rbd");
  whenEmpty(source, "user", "admin");
  whenEmpty(source, "keyring", "/etc/ceph/keyring");
}

function defaultScaleIO(source: JsonObject): void {
  whenEmpty(source, "storageMode", "ThinProvisioned");
  whenEmpty(source, "fsType", "xfs");
}

/** The older field is the first of the newer one; where they differ, the older one counts (Convert_v1_NodeSpec_To_core_NodeSpec). */
function agreeOnPodRanges(spec: JsonObject): void {
  const ranges = spec["podCIDRs"];
  const first: unknown = Array.isArray(ranges) ? ranges[0] : undefined;
  if (!isEmpty(spec["podCIDR"]) && first !== spec["podCIDR"]) spec["podCIDRs"] = [spec["podCIDR"]];
  else whenEmpty(spec, "podCIDR", first);
}

/** A volume that says nothing but its name is an emptyDir. */
function defaultVolume(volume: JsonObject): void {
  if (Object.entries(volume).every(([key, value]) => key === "name" || value === undefined))
    volume["emptyDir"] = {};
  const image = volume["image"];
  if (isJsonObject(image)) whenEmpty(image, "pullPolicy", defaultImagePullPolicy(image["reference"]));
}

/** In Go the metadata of a template is a struct, which is written out when it is empty. */
function writeOutMetadata(template: JsonObject): void {
  whenAbsent(template, "metadata", {});
}

/** SetDefaults_LimitRangeItem: what is at most or at least allowed is also what a container gets that asks for nothing. */
function defaultLimits(item: JsonObject): void {
  if (item["type"] !== "Container") return;
  const limits = objectIn(item, "default");
  const requests = objectIn(item, "defaultRequest");
  for (const [resource, most] of Object.entries(objectOf(item["max"]))) whenAbsent(limits, resource, most);
  for (const [resource, limit] of Object.entries(limits)) whenAbsent(requests, resource, limit);
  for (const [resource, least] of Object.entries(objectOf(item["min"])))
    whenAbsent(requests, resource, least);
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** SetDefaults_ValidatingWebhook and SetDefaults_MutatingWebhook. */
function defaultHook(hook: JsonObject): void {
  defaultFailurePolicy(hook);
  defaultMatches(hook);
  whenAbsent(hook, "timeoutSeconds", 10);
}

function defaultFailurePolicy(policy: JsonObject): void {
  whenAbsent(policy, "failurePolicy", "Fail");
}

function defaultMatches(matches: JsonObject): void {
  whenAbsent(matches, "matchPolicy", "Equivalent");
  whenAbsent(matches, "namespaceSelector", {});
  whenAbsent(matches, "objectSelector", {});
}

function defaultScope(rule: JsonObject): void {
  whenAbsent(rule, "scope", "*");
}

function defaultHttpsPort(service: JsonObject): void {
  whenAbsent(service, "port", 443);
}

function defaultAllocation(request: JsonObject): void {
  whenEmpty(request, "allocationMode", "ExactCount");
  if (request["allocationMode"] === "ExactCount") whenEmpty(request, "count", 1);
}
