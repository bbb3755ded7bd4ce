import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject } from "../patch/json-value.ts";
import { defaultPodRequests } from "./default-pod-requests.ts";
import { defaultImagePullPolicy } from "./image-pull-policy.ts";

/**
 * The defaults of each type, by the name of its schema. A default takes the place of what is absent or, where
 * Kubernetes cannot tell the two apart, of a zero value.
 * https://github.com/kubernetes/kubernetes/tree/v1.36.3/pkg/apis: core, apps, networking, discovery: v1/defaults.go
 */
export const defaulters: Readonly<Record<string, (object: JsonObject) => void>> = {
  V1Pod(pod) {
    const spec = objectIn(pod, "spec");
    defaultPodRequests(spec);
    whenAbsent(spec, "enableServiceLinks", true);
    if (spec["hostNetwork"] === true) defaultHostPorts(spec);
  },
  V1PodSpec(spec) {
    whenEmpty(spec, "dnsPolicy", "ClusterFirst");
    whenEmpty(spec, "restartPolicy", "Always");
    whenAbsent(spec, "securityContext", {});
    whenAbsent(spec, "terminationGracePeriodSeconds", 30);
    whenEmpty(spec, "schedulerName", "default-scheduler");
    // The deprecated spelling always mirrors the other one (Convert_v1_PodSpec_To_core_PodSpec).
    if (!isEmpty(spec["serviceAccount"])) whenEmpty(spec, "serviceAccountName", spec["serviceAccount"]);
    if (!isEmpty(spec["serviceAccountName"])) spec["serviceAccount"] = spec["serviceAccountName"];
  },
  V1Container: defaultContainer,
  V1EphemeralContainer: defaultContainer,
  V1ContainerPort: defaultProtocol,
  V1Probe(probe) {
    whenEmpty(probe, "timeoutSeconds", 1);
    whenEmpty(probe, "periodSeconds", 10);
    whenEmpty(probe, "successThreshold", 1);
    whenEmpty(probe, "failureThreshold", 3);
  },
  V1HTTPGetAction(action) {
    whenEmpty(action, "path", "/");
    whenEmpty(action, "scheme", "HTTP");
  },
  V1GRPCAction: (action) => whenAbsent(action, "service", ""),
  V1Volume: defaultVolume,
  V1SecretVolumeSource: defaultFileMode,
  V1ConfigMapVolumeSource: defaultFileMode,
  V1DownwardAPIVolumeSource: defaultFileMode,
  V1ProjectedVolumeSource: defaultFileMode,
  V1ServiceAccountTokenProjection: (projection) => whenAbsent(projection, "expirationSeconds", 3600),
  V1HostPathVolumeSource: (source) => whenAbsent(source, "type", ""),
  V1ObjectFieldSelector: (selector) => whenEmpty(selector, "apiVersion", "v1"),
  V1Secret: defaultSecret,
  V1Namespace: defaultNamespace,
  V1NodeStatus(status) {
    if (isJsonObject(status["capacity"])) whenAbsent(status, "allocatable", { ...status["capacity"] });
  },
  V1Service: defaultService,
  V1ServicePort(port) {
    whenEmpty(port, "protocol", "TCP");
    whenEmpty(port, "targetPort", port["port"]);
  },
  CoreV1EndpointPort: defaultProtocol,
  DiscoveryV1EndpointPort(port) {
    whenAbsent(port, "name", "");
    whenAbsent(port, "protocol", "TCP");
  },
  V1IngressClassParametersReference: (reference) => whenAbsent(reference, "scope", "Cluster"),
  V1Deployment: defaultDeployment,
  V1ReplicaSet: (replicaSet) => whenAbsent(objectIn(replicaSet, "spec"), "replicas", 1),
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

/** A volume that says nothing but its name is an emptyDir. */
function defaultVolume(volume: JsonObject): void {
  if (Object.entries(volume).every(([key, value]) => key === "name" || value === undefined))
    volume["emptyDir"] = {};
  const image = volume["image"];
  if (isJsonObject(image)) whenEmpty(image, "pullPolicy", defaultImagePullPolicy(image["reference"]));
}

/** `stringData` is write-only: the server moves it into `data` (Convert_v1_Secret_To_core_Secret). */
function defaultSecret(secret: JsonObject): void {
  whenEmpty(secret, "type", "Opaque");
  const { stringData } = secret;
  delete secret["stringData"];
  if (!isJsonObject(stringData)) return;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text ?? "")).toString("base64"),
  ]);
  if (encoded.length > 0) secret["data"] = { ...objectIn(secret, "data"), ...Object.fromEntries(encoded) };
}

function defaultNamespace(namespace: JsonObject): void {
  const metadata = objectIn(namespace, "metadata");
  if (!isEmpty(metadata["name"]))
    objectIn(metadata, "labels")["kubernetes.io/metadata.name"] = metadata["name"];
  whenEmpty(objectIn(namespace, "status"), "phase", "Active");
}

function defaultDeployment(deployment: JsonObject): void {
  const spec = objectIn(deployment, "spec");
  whenAbsent(spec, "replicas", 1);
  const strategy = objectIn(spec, "strategy");
  whenEmpty(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rollingUpdate = objectIn(strategy, "rollingUpdate");
    whenAbsent(rollingUpdate, "maxUnavailable", "25%");
    whenAbsent(rollingUpdate, "maxSurge", "25%");
  }
  whenAbsent(spec, "revisionHistoryLimit", 10);
  whenAbsent(spec, "progressDeadlineSeconds", 600);
}

function defaultService(service: JsonObject): void {
  const spec = objectIn(service, "spec");
  whenEmpty(spec, "sessionAffinity", "None");
  if (spec["sessionAffinity"] === "None") delete spec["sessionAffinityConfig"];
  if (spec["sessionAffinity"] === "ClientIP") {
    whenAbsent(objectIn(objectIn(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10_800);
  }
  whenEmpty(spec, "type", "ClusterIP");
  const type = spec["type"];
  const externalIPs = spec["externalIPs"];
  const hasExternalIPs = type === "ClusterIP" && Array.isArray(externalIPs) && externalIPs.length > 0;
  if (type === "NodePort" || type === "LoadBalancer" || hasExternalIPs) {
    whenEmpty(spec, "externalTrafficPolicy", "Cluster");
  }
  if (type === "LoadBalancer") whenAbsent(spec, "allocateLoadBalancerNodePorts", true);
  if (type === "ClusterIP" || type === "NodePort" || type === "LoadBalancer")
    whenAbsent(spec, "internalTrafficPolicy", "Cluster");
  whenAbsent(objectIn(service, "status"), "loadBalancer", {});
}

function defaultHostPorts(spec: JsonObject): void {
  for (const list of [spec["containers"], spec["initContainers"]]) {
    for (const container of Array.isArray(list) ? list : []) {
      const ports: unknown = isJsonObject(container) ? container["ports"] : undefined;
      for (const port of Array.isArray(ports) ? ports : []) {
        if (isJsonObject(port)) whenEmpty(port, "hostPort", port["containerPort"]);
      }
    }
  }
}

/** The object in a field, made when it is absent. A wrong value stays where it is, for validation to name. */
function objectIn(object: JsonObject, key: string): JsonObject {
  object[key] ??= {};
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function whenAbsent(object: JsonObject, key: string, value: unknown): void {
  if (value !== undefined) object[key] ??= value;
}

function whenEmpty(object: JsonObject, key: string, value: unknown): void {
  if (isEmpty(object[key]) && value !== undefined) object[key] = value;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0;
}
