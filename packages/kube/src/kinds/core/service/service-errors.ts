import type { KubeObject, Service, ServicePort, ServiceSpec } from "../../../object.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  unsupportedText,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { cidrErrors, endpointIpErrors, ipErrors } from "../../meta/ip-address.ts";
import { labelErrors } from "../../meta/label-errors.ts";
import { dns1123Label, dns1123Subdomain, qualifiedName } from "../../meta/names.ts";
import { portErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { numberOrNameErrors } from "../pod/validation/probe-errors.ts";
import { findClusterIpErrors, clusterIpUpdateErrors } from "./cluster-ip-errors.ts";

/** What is wrong with a new Service. Since v1.36 its name may begin with a digit (RelaxedServiceNameValidation). */
export function* serviceErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object, dns1123Label);
  yield* specErrors(withClusterIPs(object as Service), undefined);
}

/** Of a new Service that gives `clusterIP` only, the API server makes the list before it looks (NormalizeClusterIPs). */
function withClusterIPs(service: Service): Service {
  const { clusterIP = "", clusterIPs } = service.spec ?? {};
  if (clusterIP === "" || (clusterIPs ?? []).length > 0) return service;
  return { ...service, spec: { ...service.spec, clusterIPs: [clusterIP] } };
}

/** What is wrong with a change of a Service. */
export function* serviceUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const service = object as Service;
  const before = old as Service;
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* clusterIpUpdateErrors(service.spec, before.spec);
  const { loadBalancerClass } = service.spec;
  const areLoadBalancers = service.spec.type === "LoadBalancer" && before.spec.type === "LoadBalancer";
  if (areLoadBalancers && loadBalancerClass !== before.spec.loadBalancerClass)
    yield invalidValue("spec.loadBalancerClass", loadBalancerClass ?? null, "may not change once set");
  yield* loadBalancerClassErrors(service.spec);
  if (
    needsHealthCheck(service.spec) &&
    needsHealthCheck(before.spec) &&
    service.spec.healthCheckNodePort !== before.spec.healthCheckNodePort
  )
    yield forbiddenValue("spec.healthCheckNodePort", "field is immutable");
  yield* specErrors(service, before);
}

function* specErrors(service: Service, old: Service | undefined): FieldErrors {
  const spec = service.spec ?? {};
  const { type = "ClusterIP", ports = [], sessionAffinity = "None" } = spec;
  const isHeadless = spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === "None";
  if (ports.length === 0 && !isHeadless && type !== "ExternalName") yield requiredValue("spec.ports");
  if (isHeadless && (type === "LoadBalancer" || type === "NodePort"))
    yield invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`);
  if (type === "ExternalName") yield* externalNameErrors(spec);
  yield* servicePortErrors(ports);
  yield* labelErrors("spec.selector", spec.selector);
  if (sessionAffinity !== "ClientIP" && sessionAffinity !== "None")
    yield unsupportedValue("spec.sessionAffinity", sessionAffinity, ["ClientIP", "None"]);
  yield* affinityErrors(spec);
  yield* findClusterIpErrors(spec, old?.spec);
  yield* externalIpErrors(spec, old?.spec);
  if (!serviceTypes.includes(type)) yield unsupportedValue("spec.type", type, serviceTypes);
  yield* portSetErrors(type, ports);
  yield* sourceRangeErrors(service, old);
  if (spec.allocateLoadBalancerNodePorts !== undefined && type !== "LoadBalancer")
    yield forbiddenValue("spec.allocateLoadBalancerNodePorts", onlyForLoadBalancers);
  yield* loadBalancerClassErrors(spec);
  yield* trafficErrors(spec);
}

const onlyForLoadBalancers = "may only be used when `type` is 'LoadBalancer'";
const serviceTypes = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const protocols = ["SCTP", "TCP", "UDP"];

function* externalNameErrors(spec: ServiceSpec): FieldErrors {
  const why = "may not be set for ExternalName services";
  if ((spec.clusterIPs ?? []).length > 0) yield forbiddenValue("spec.clusterIPs", why);
  if ((spec.ipFamilies ?? []).length > 0) yield forbiddenValue("spec.ipFamilies", why);
  if (spec.ipFamilyPolicy !== undefined) yield forbiddenValue("spec.ipFamilyPolicy", why);
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  if (name === "") yield requiredValue("spec.externalName");
  else yield* invalidBecause("spec.externalName", name, dns1123Subdomain(name));
}

function* servicePortErrors(ports: readonly ServicePort[]): FieldErrors {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    const { name = "", protocol = "TCP", appProtocol } = port;
    if (name !== "") {
      yield* invalidBecause(`${at}.name`, name, dns1123Label(name));
      if (names.has(name)) yield duplicateValue(`${at}.name`, name);
      names.add(name);
    } else if (ports.length > 1) {
      yield requiredValue(`${at}.name`);
    }
    yield* portErrors(`${at}.port`, port.port ?? 0);
    if (!protocols.includes(protocol)) yield unsupportedValue(`${at}.protocol`, protocol, protocols);
    yield* numberOrNameErrors(`${at}.targetPort`, port.targetPort ?? port.port);
    if (appProtocol !== undefined)
      yield* invalidBecause(`${at}.appProtocol`, appProtocol, qualifiedName(appProtocol));
  }
}

const mostAffinitySeconds = 86_400;

function* affinityErrors({ sessionAffinity = "None", sessionAffinityConfig }: ServiceSpec): FieldErrors {
  const field = "spec.sessionAffinityConfig";
  if (sessionAffinity === "None") {
    if (sessionAffinityConfig !== undefined)
      yield forbiddenValue(field, "must not be set when session affinity is None");
  } else if (sessionAffinity === "ClientIP") {
    const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
    if (seconds !== undefined && (seconds <= 0 || seconds > mostAffinitySeconds))
      yield invalidValue(
        `${field}.clientIP.timeoutSeconds`,
        seconds,
        `must be greater than 0 and less than ${mostAffinitySeconds}`,
      );
  }
}

function* externalIpErrors(spec: ServiceSpec, old: ServiceSpec | undefined): FieldErrors {
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    const field = `spec.externalIPs[${index}]`;
    const errors = [...ipErrors(field, address, old?.externalIPs)];
    if (errors.length > 0) yield* errors;
    else yield* endpointIpErrors(field, address);
  }
}

/** What no port of a Service may share with another. */
function* portSetErrors(type: string, ports: readonly ServicePort[]): FieldErrors {
  if (type === "ClusterIP")
    for (const [index, { nodePort = 0 }] of ports.entries())
      if (nodePort !== 0)
        yield forbiddenValue(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
  const nodePorts = new Set<string>();
  for (const [index, { nodePort = 0, protocol = "TCP" }] of ports.entries()) {
    if (nodePort === 0) continue;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) yield duplicateValue(`spec.ports[${index}].nodePort`, nodePort);
    nodePorts.add(key);
  }
  const numbers = new Set<string>();
  for (const [index, { port = 0, protocol = "TCP" }] of ports.entries()) {
    const key = `${protocol}/${port}`;
    // Shown as the struct that the API server has in memory.
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    if (numbers.has(key)) yield duplicateValue(`spec.ports[${index}]`, shown);
    numbers.add(key);
  }
}

const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

function* sourceRangeErrors({ spec, metadata }: Service, old: Service | undefined): FieldErrors {
  const { type = "ClusterIP", loadBalancerSourceRanges: ranges = [] } = spec ?? {};
  const annotation = metadata.annotations?.[rangesAnnotation];
  if (ranges.length > 0) {
    const field = "spec.LoadBalancerSourceRanges";
    if (type !== "LoadBalancer") yield forbiddenValue(field, onlyForLoadBalancers);
    const known = (old?.spec.loadBalancerSourceRanges ?? []).map((range) => range.trim());
    for (const [index, range] of ranges.entries())
      yield* cidrErrors(`${field}[${index}]`, range.trim(), known);
  } else if (annotation !== undefined) {
    const field = `metadata.annotations[${rangesAnnotation}]`;
    if (type !== "LoadBalancer") yield forbiddenValue(field, onlyForLoadBalancers);
    const isKnown = old?.metadata.annotations?.[rangesAnnotation] === annotation;
    if (isKnown || annotation.trim() === "") return;
    for (const range of annotation.trim().split(",")) yield* cidrErrors(field, range.trim());
  }
}

function* trafficErrors(spec: ServiceSpec): FieldErrors {
  const { externalTrafficPolicy: external = "", internalTrafficPolicy: internal = "Cluster" } = spec;
  const isOpen = isExternallyAccessible(spec);
  if (external !== "" && !isOpen)
    yield invalidWord(
      "spec.externalTrafficPolicy",
      external,
      "may only be set for externally-accessible services",
    );
  if (external !== "" && isOpen && external !== "Cluster" && external !== "Local")
    yield unsupportedValue("spec.externalTrafficPolicy", external, ["Cluster", "Local"]);
  const { healthCheckNodePort = 0 } = spec;
  if (healthCheckNodePort !== 0) {
    if (needsHealthCheck(spec)) yield* portErrors("spec.healthCheckNodePort", healthCheckNodePort);
    else
      yield invalidValue(
        "spec.healthCheckNodePort",
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      );
  }
  if (internal !== "Cluster" && internal !== "Local")
    yield unsupportedValue("spec.internalTrafficPolicy", internal, ["Cluster", "Local"]);
  const { trafficDistribution } = spec;
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
    yield unsupportedText("spec.trafficDistribution", trafficDistribution, distributions);
}

function* loadBalancerClassErrors({ type, loadBalancerClass: name }: ServiceSpec): FieldErrors {
  if (name === undefined) return;
  const field = "spec.loadBalancerClass";
  if (type === "LoadBalancer") yield* invalidBecause(field, name, qualifiedName(name));
  else yield forbiddenValue(field, onlyForLoadBalancers);
}

const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];

/** Whether a Service can be reached from outside the cluster. */
function isExternallyAccessible({ type = "ClusterIP", externalIPs = [] }: ServiceSpec): boolean {
  return type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && externalIPs.length > 0);
}

function needsHealthCheck({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}
