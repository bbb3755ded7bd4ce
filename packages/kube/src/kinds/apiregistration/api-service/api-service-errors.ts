import type { V1APIService } from "@kubernetes/client-node";
import { quoteAsGo } from "../../../go/go-text.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { decodedLength } from "../../core/immutable-errors.ts";
import { invalidBecause, invalidValue, requiredValue, type FieldErrors } from "../../field-error.ts";
import { dns1035Label, dns1123Subdomain, pathSegmentName } from "../../meta/names.ts";
import { objectMetaErrors, objectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

type Spec = NonNullable<Unchecked<V1APIService>["spec"]>;

/**
 * What is wrong with a new APIService, whose name is made of its version and its group.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/apis/apiregistration/validation/validation.go
 */
export function* apiServiceErrors(object: KubeObject): FieldErrors {
  const { spec = {} } = object as Unchecked<V1APIService>;
  const { group = "", version = "", groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const required = `${version}.${group}`;
  yield* objectMetaErrors(object, (name) => {
    const reasons = pathSegmentName(name);
    if (reasons.length > 0 || name === required) return reasons;
    return [`must be \`spec.version+"."+spec.group\`: ${quoteAsGo(required)}`];
  });
  if (group === "" && version !== "v1")
    yield requiredValue("spec.group", "only v1 may have an empty group and it better be legacy kube");
  if (group !== "") yield* invalidBecause("spec.group", group, dns1123Subdomain(group));
  yield* invalidBecause("spec.version", version, dns1035Label(version));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000)
    yield invalidValue(
      "spec.groupPriorityMinimum",
      groupPriorityMinimum,
      "must be positive and less than 20000",
    );
  if (versionPriority <= 0 || versionPriority > 1000)
    yield invalidValue("spec.versionPriority", versionPriority, "must be positive and less than 1000");
  yield* backendErrors(spec);
}

/** What is wrong with a change of one. */
export function* apiServiceUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* objectMetaUpdateErrors(object, old);
  yield* apiServiceErrors(object);
}

/** Without a service the group is served by this API server itself. */
function* backendErrors({ service, caBundle = "", insecureSkipTLSVerify = false }: Spec): FieldErrors {
  if (service === undefined) {
    if (caBundle !== "")
      yield invalidValue(
        "spec.caBundle",
        `${decodedLength(caBundle)} bytes`,
        "local APIServices may not have a caBundle",
      );
    if (insecureSkipTLSVerify)
      yield invalidValue(
        "spec.insecureSkipTLSVerify",
        insecureSkipTLSVerify,
        "local APIServices may not have insecureSkipTLSVerify",
      );
    return;
  }
  const { namespace = "", name = "", port = 0 } = service;
  if (namespace === "") yield requiredValue("spec.service.namespace");
  if (name === "") yield requiredValue("spec.service.name");
  if (port < 1 || port > 65_535)
    yield invalidValue(
      "spec.service.port",
      port,
      "port is not valid: must be between 1 and 65535, inclusive",
    );
  if (insecureSkipTLSVerify && caBundle !== "")
    yield invalidValue(
      "spec.insecureSkipTLSVerify",
      insecureSkipTLSVerify,
      "may not be true if caBundle is present",
    );
}
