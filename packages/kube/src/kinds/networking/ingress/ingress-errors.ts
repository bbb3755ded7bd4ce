import type {
  Ingress,
  IngressBackend,
  IngressPath,
  IngressRule,
  IngressSpec,
  KubeObject,
} from "../../../object.ts";
import {
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { parseIp } from "../../meta/ip-address.ts";
import {
  dns1123Label,
  dns1123Subdomain,
  pathSegmentName,
  portName,
  wildcardSubdomain,
} from "../../meta/names.ts";
import { portErrors } from "../../meta/number-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

const classAnnotation = "kubernetes.io/ingress.class";

/** What is wrong with a new Ingress. */
export function* ingressErrors(object: KubeObject): FieldErrors {
  yield* anyIngressErrors(object as Ingress);
  const annotation = object.metadata.annotations?.[classAnnotation];
  const { ingressClassName } = (object as Ingress).spec ?? {};
  if (annotation === undefined || ingressClassName === undefined || annotation === ingressClassName) return;
  yield invalidValue(
    `annotations.${classAnnotation}`,
    annotation,
    "must match `ingressClassName` when both are specified",
  );
}

/** What is wrong with a change of an Ingress. */
export function* ingressUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* anyIngressErrors(object as Ingress);
}

function* anyIngressErrors(ingress: Ingress): FieldErrors {
  yield* coreObjectMetaErrors(ingress);
  const spec: IngressSpec = ingress.spec ?? {};
  const { rules = [], defaultBackend, ingressClassName } = spec;
  if (rules.length === 0 && defaultBackend === undefined)
    yield invalidValue("spec", spec.rules ?? null, "either `defaultBackend` or `rules` must be specified");
  if (defaultBackend !== undefined) yield* backendErrors("spec.defaultBackend", defaultBackend);
  for (const [index, rule] of rules.entries()) yield* ruleErrors(`spec.rules[${index}]`, rule);
  yield* tlsErrors("spec.tls", spec.tls);
  if (ingressClassName !== undefined)
    yield* invalidBecause("spec.ingressClassName", ingressClassName, dns1123Subdomain(ingressClassName));
}

function* tlsErrors(field: string, entries: IngressSpec["tls"]): FieldErrors {
  for (const [index, { hosts = [], secretName = "" }] of (entries ?? []).entries()) {
    for (const [position, host] of hosts.entries())
      yield* invalidBecause(`${field}[${index}].hosts[${position}]`, host, hostReasons(host));
    if (secretName !== "")
      yield* invalidBecause(`${field}[${index}].secretName`, secretName, dns1123Subdomain(secretName));
  }
}

function* ruleErrors(field: string, { host = "", http }: IngressRule): FieldErrors {
  if (host !== "") {
    if (parseIp(host) !== undefined)
      yield invalidValue(`${field}.host`, host, "must be a DNS name, not an IP address");
    yield* invalidBecause(`${field}.host`, host, hostReasons(host));
  }
  if (http === undefined) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) yield requiredValue(`${field}.http.paths`);
  for (const [index, path] of paths.entries()) yield* pathErrors(`${field}.http.paths[${index}]`, path);
}

function hostReasons(host: string): string[] {
  return host.includes("*") ? wildcardSubdomain(host) : dns1123Subdomain(host);
}

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

function* pathErrors(field: string, ingressPath: IngressPath): FieldErrors {
  const { path = "", pathType, backend } = ingressPath as Partial<IngressPath>;
  if (pathType === undefined) return yield requiredValue(`${field}.pathType`, "pathType must be specified");
  const isAbsolute = path.startsWith("/");
  if (pathType === "Exact" || pathType === "Prefix") {
    if (!isAbsolute) yield invalidValue(`${field}.path`, path, "must be an absolute path");
    for (const part of ["//", "/./", "/../", "%2f", "%2F"])
      if (path.includes(part)) yield invalidValue(`${field}.path`, path, `must not contain '${part}'`);
    for (const end of ["/..", "/."])
      if (path.endsWith(end)) yield invalidValue(`${field}.path`, path, `cannot end with '${end}'`);
  } else if (pathType === "ImplementationSpecific") {
    if (path !== "" && !isAbsolute) yield invalidValue(`${field}.path`, path, "must be an absolute path");
  } else {
    yield unsupportedValue(`${field}.pathType`, pathType, pathTypes);
  }
  yield* backendErrors(`${field}.backend`, backend ?? {});
}

function* backendErrors(field: string, { service, resource }: IngressBackend): FieldErrors {
  if (service !== undefined && resource !== undefined)
    return yield invalidValue(field, "", "cannot set both resource and service backends");
  if (resource !== undefined) return yield* resourceErrors(`${field}.resource`, resource);
  if (service === undefined) return yield invalidValue(field, "", "resource or service backend is required");
  const { name = "" } = service as Partial<typeof service>;
  if (name === "") yield requiredValue(`${field}.service.name`);
  else yield* invalidBecause(`${field}.service.name`, name, dns1123Label(name));
  const { name: portNamed = "", number = 0 } = service.port ?? {};
  if (portNamed !== "" && number !== 0)
    yield invalidValue(field, "", "cannot set both port name & port number");
  else if (portNamed !== "")
    yield* invalidBecause(`${field}.service.port.name`, portNamed, portName(portNamed));
  else if (number !== 0) yield* portErrors(`${field}.service.port.number`, number);
  else yield requiredValue(field, "port name or number is required");
}

function* resourceErrors(field: string, resource: NonNullable<IngressBackend["resource"]>): FieldErrors {
  const { apiGroup, kind = "", name = "" } = resource as Partial<typeof resource>;
  if (apiGroup !== undefined)
    yield* invalidBecause(`${field}.apiGroup`, apiGroup, dns1123Subdomain(apiGroup));
  for (const [part, value] of Object.entries({ kind, name })) {
    if (value === "") yield requiredValue(`${field}.${part}`);
    else yield* invalidBecause(`${field}.${part}`, value, pathSegmentName(value));
  }
}
