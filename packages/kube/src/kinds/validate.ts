import type { KubeObject } from "../object.ts";
import { deploymentErrors, deploymentUpdateErrors } from "./apps/deployment/deployment-errors.ts";
import { replicaSetErrors, replicaSetUpdateErrors } from "./apps/replica-set/replica-set-errors.ts";
import { leaseErrors, leaseUpdateErrors } from "./coordination/lease/lease-errors.ts";
import { configMapErrors, configMapUpdateErrors } from "./core/config-map/config-map-errors.ts";
import { endpointsErrors, endpointsUpdateErrors } from "./core/endpoints/endpoints-errors.ts";
import { eventErrors } from "./core/event/event-errors.ts";
import { namespaceErrors, namespaceUpdateErrors } from "./core/namespace/namespace-errors.ts";
import { nodeErrors, nodeUpdateErrors } from "./core/node/node-errors.ts";
import { podErrors, podUpdateErrors } from "./core/pod/pod-errors.ts";
import { secretErrors, secretUpdateErrors } from "./core/secret/secret-errors.ts";
import { serviceErrors, serviceUpdateErrors } from "./core/service/service-errors.ts";
import {
  endpointSliceErrors,
  endpointSliceUpdateErrors,
} from "./discovery/endpoint-slice/endpoint-slice-errors.ts";
import type { FieldError, FieldErrors } from "./field-error.ts";
import { pathSegmentName } from "./meta/names.ts";
import { commonUpdateErrors, objectMetaErrors, objectMetaUpdateErrors } from "./meta/object-meta-errors.ts";
import { ingressErrors, ingressUpdateErrors } from "./networking/ingress/ingress-errors.ts";
import {
  ingressClassErrors,
  ingressClassUpdateErrors,
} from "./networking/ingress-class/ingress-class-errors.ts";

/**
 * What the API server of Kubernetes v1.36 would refuse in a new object whose defaults are filled in, in its words.
 * Unknown fields and wrong types are not its business: `validateObject` finds those.
 */
export function validateCreate(object: KubeObject): FieldError[] {
  const errors = [...validatorOf(object).create(object)];
  // The registry looks at the metadata after the kind's own rules, of which those for events leave it out.
  return errors.length > 0 ? errors : [...objectMetaErrors(object, pathSegmentName)];
}

/** What it would refuse in an object that takes the place of an older one. */
export function validateUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  return [...commonUpdateErrors(object, old), ...validatorOf(object).update(object, old)];
}

/** What it would refuse in a change of an object's status. What the status says is not looked at: the agents write it. */
export function validateStatusUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  return [...commonUpdateErrors(object, old)];
}

interface Validator {
  create(object: KubeObject): FieldErrors;
  update(object: KubeObject, old: KubeObject): FieldErrors;
}

function validatorOf({ apiVersion, kind }: KubeObject): Validator {
  return validators[`${apiVersion}/${kind}`] ?? anyKind;
}

/** Of other kinds the metadata is checked. */
const anyKind: Validator = { create: objectMetaErrors, update: objectMetaUpdateErrors };

const validators: Readonly<Record<string, Validator>> = {
  "v1/ConfigMap": { create: configMapErrors, update: configMapUpdateErrors },
  "v1/Endpoints": { create: endpointsErrors, update: endpointsUpdateErrors },
  "v1/Event": { create: eventErrors, update: eventErrors },
  "v1/Namespace": { create: namespaceErrors, update: namespaceUpdateErrors },
  "v1/Node": { create: nodeErrors, update: nodeUpdateErrors },
  "v1/Pod": { create: podErrors, update: podUpdateErrors },
  "v1/Secret": { create: secretErrors, update: secretUpdateErrors },
  "v1/Service": { create: serviceErrors, update: serviceUpdateErrors },
  "apps/v1/Deployment": { create: deploymentErrors, update: deploymentUpdateErrors },
  "apps/v1/ReplicaSet": { create: replicaSetErrors, update: replicaSetUpdateErrors },
  "coordination.k8s.io/v1/Lease": { create: leaseErrors, update: leaseUpdateErrors },
  "discovery.k8s.io/v1/EndpointSlice": { create: endpointSliceErrors, update: endpointSliceUpdateErrors },
  "networking.k8s.io/v1/Ingress": { create: ingressErrors, update: ingressUpdateErrors },
  "networking.k8s.io/v1/IngressClass": { create: ingressClassErrors, update: ingressClassUpdateErrors },
};
