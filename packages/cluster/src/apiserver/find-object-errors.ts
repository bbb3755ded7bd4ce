import {
  compareQuantity,
  matchesLabelSelector,
  type Deployment,
  type Ingress,
  type KubeObject,
  type Pod,
  type Service,
} from "@seaworthy/kube";
import { findContainerErrors } from "./find-container-errors.ts";
import type { Resource } from "./resource.ts";
import { invalidValue, type FieldError } from "./status-error.ts";

/**
 * Values that are well typed and still wrong: what people get wrong most, in the words of
 * https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (core, apps: validation/validation.go).
 */
export function findObjectErrors(object: KubeObject, resource: Resource): FieldError[] {
  return [...metadataErrors(object, resource), ...(specErrors[object.kind]?.(object) ?? [])];
}

const dns1123 =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const dns1123Label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const dns1035Label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function metadataErrors({ metadata }: KubeObject, resource: Resource): FieldError[] {
  const errors: FieldError[] = [];
  const name = metadata.name ?? "";
  const why = nameProblem(name, resource.type.kind);
  if (name !== "" && why !== undefined) errors.push(invalidValue("metadata.name", name, why));
  return [...errors, ...labelErrors(metadata.labels, "metadata.labels")];
}

function nameProblem(name: string, kind: string): string | undefined {
  if (kind === "Service") return /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? undefined : dns1035Label;
  if (kind === "Namespace")
    return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? undefined : dns1123Label;
  if (name.length > 253) return "must be no more than 253 characters";
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name) ? undefined : dns1123;
}

function labelErrors(labels: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  return Object.values(labels ?? {}).flatMap((value) => {
    if (value.length > 63) return [invalidValue(field, value, "must be no more than 63 bytes")];
    return /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)
      ? []
      : [invalidValue(field, value, labelValue)];
  });
}

const specErrors: Readonly<Record<string, (object: KubeObject) => FieldError[]>> = {
  Deployment: (object) => [...workloadErrors(object, "deployment"), ...rolloutErrors(object as Deployment)],
  ReplicaSet: (object) => workloadErrors(object, "replica set"),
  Pod: (object) => findContainerErrors((object as Pod).spec, "spec"),
  Service: (object) => serviceErrors(object as Service),
  Ingress: (object) => ingressErrors(object as Ingress),
};

function workloadErrors(object: KubeObject, what: string): FieldError[] {
  const { spec } = object as Deployment;
  if (spec?.selector === undefined || spec.template?.spec === undefined) return [];
  const errors: FieldError[] = [];
  if ((spec.replicas ?? 1) < 0) errors.push(negative("spec.replicas", spec.replicas));
  const { selector } = spec;
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0) {
    errors.push(invalidValue("spec.selector", selector, `empty selector is invalid for ${what}`));
  } else if (!matchesLabelSelector(selector, spec.template.metadata?.labels)) {
    const labels = spec.template.metadata?.labels ?? {};
    const field = "spec.template.metadata.labels";
    errors.push(invalidValue(field, labels, "`selector` does not match template `labels`"));
  }
  errors.push(...labelErrors(spec.template.metadata?.labels, "spec.template.labels"));
  const { restartPolicy } = spec.template.spec;
  if (restartPolicy !== undefined && restartPolicy !== "Always") {
    const message = `Unsupported value: ${JSON.stringify(restartPolicy)}: supported values: "Always"`;
    errors.push({ reason: "FieldValueNotSupported", field: "spec.template.spec.restartPolicy", message });
  }
  return [...errors, ...findContainerErrors(spec.template.spec, "spec.template.spec")];
}

function rolloutErrors({ spec }: Deployment): FieldError[] {
  const errors: FieldError[] = [];
  if (spec === undefined) return errors;
  const { maxSurge, maxUnavailable } = spec.strategy?.rollingUpdate ?? {};
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    const field = "spec.strategy.rollingUpdate.maxUnavailable";
    errors.push(invalidValue(field, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  if ((spec.minReadySeconds ?? 0) < 0) errors.push(negative("spec.minReadySeconds", spec.minReadySeconds));
  if (
    spec.progressDeadlineSeconds !== undefined &&
    spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)
  ) {
    const field = "spec.progressDeadlineSeconds";
    errors.push(invalidValue(field, spec.progressDeadlineSeconds, "must be greater than minReadySeconds"));
  }
  return errors;
}

function serviceErrors({ spec }: Service): FieldError[] {
  if (spec === undefined) return [];
  const errors: FieldError[] = [];
  const ports = spec.ports ?? [];
  if (ports.length === 0 && spec.clusterIP !== "None" && spec.type !== "ExternalName") {
    errors.push({ reason: "FieldValueRequired", field: "spec.ports", message: "Required value" });
  }
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}]`;
    if (port.port < 1 || port.port > 65_535) {
      errors.push(invalidValue(`${field}.port`, port.port, "must be between 1 and 65535, inclusive"));
    }
    if (ports.length > 1 && (port.name ?? "") === "") {
      errors.push({ reason: "FieldValueRequired", field: `${field}.name`, message: "Required value" });
    } else if (port.name !== undefined && names.has(port.name)) {
      const message = `Duplicate value: ${JSON.stringify(port.name)}`;
      errors.push({ reason: "FieldValueDuplicate", field: `${field}.name`, message });
    }
    names.add(port.name ?? "");
    if (port.nodePort !== undefined && port.nodePort !== 0 && (spec.type ?? "ClusterIP") === "ClusterIP") {
      const message = "Forbidden: may not be used when `type` is 'ClusterIP'";
      errors.push({ reason: "FieldValueForbidden", field: `${field}.nodePort`, message });
    }
  }
  return errors;
}

function ingressErrors({ spec }: Ingress): FieldError[] {
  return (spec?.rules ?? []).flatMap((rule, ruleIndex) =>
    (rule.http?.paths ?? []).flatMap((path, index) => {
      const field = `spec.rules[${ruleIndex}].http.paths[${index}].path`;
      if (path.pathType === "ImplementationSpecific" || (path.path ?? "").startsWith("/")) return [];
      return [invalidValue(field, path.path ?? "", "must be an absolute path")];
    }),
  );
}

function negative(field: string, value: number | undefined): FieldError {
  return invalidValue(field, value, "must be greater than or equal to 0");
}

function isZero(value: unknown): boolean {
  if (typeof value === "string" && value.endsWith("%")) return Number.parseInt(value, 10) === 0;
  return (typeof value === "number" || typeof value === "string") && compareQuantity(value, 0) === 0;
}
