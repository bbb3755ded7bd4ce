import { certificateSigningRequestStatusErrors, type CertificateSigningRequest } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { methodNotAllowed } from "../http/status-error.ts";
import type { ObjectRoute, Resource } from "../resource.ts";
import { getObject, writeObject } from "../verbs/handle-object.ts";
import { prepareUpdate } from "../verbs/update-object.ts";
import { stampConditions } from "./conditions.ts";
import { demandSigner } from "./demand-signer.ts";

/** `/approval` writes the conditions of a request, and nothing else: `kubectl certificate approve`. */
export async function approveRequest(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") return await getObject(context, route, request);
  if (request.method !== "PUT" && request.method !== "PATCH") throw methodNotAllowed();
  const resource: Resource = { ...route.resource, prepareStatus };
  return await writeObject(context, route, request, "status", (stored, asked) =>
    prepareUpdate(context, resource, "status", stored, asked),
  );
}

const prepareStatus: NonNullable<Resource["prepareStatus"]> = (draft, old, context) => {
  const request = draft as CertificateSigningRequest;
  const before = old as CertificateSigningRequest;
  stampConditions(request, before, context.clock.now());
  const conditions = request.status?.conditions;
  request.status = { ...(conditions === undefined ? {} : { conditions }), ...certificateOf(before) };
  const errors = [...certificateSigningRequestStatusErrors(request, before, "approval")];
  if (errors.length === 0) demandSigner(context, before, "approve");
  return errors;
};

function certificateOf({ status }: CertificateSigningRequest): { certificate?: string } {
  return status?.certificate === undefined ? {} : { certificate: status.certificate };
}
