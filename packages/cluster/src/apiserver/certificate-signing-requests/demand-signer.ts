import type { CertificateSigningRequest } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { resourceAttributes } from "../authorization/attributes.ts";
import { forbidden, type NamedType } from "../http/status-error.ts";

/** CertificateSigningRequests, as refusals name them. */
export const type: NamedType = {
  group: "certificates.k8s.io",
  plural: "certificatesigningrequests",
  kind: "CertificateSigningRequest",
};

/**
 * Throws 403 when somebody may not approve or sign for the signer of a request: the right is to one signer, or to all of
 * its domain. (The admission plugins CertificateApproval and CertificateSigning.)
 */
export function demandSigner(
  { authorizer, user }: ApiContext,
  { metadata, spec }: CertificateSigningRequest,
  verb: "approve" | "sign",
): void {
  const { signerName = "" } = spec;
  const names = [signerName, `${signerName.split("/")[0]}/*`];
  const may = names.some(
    (name) =>
      authorizer.authorize(user, resourceAttributes({ verb, group: type.group, resource: "signers", name }))
        .allowed,
  );
  if (may) return;
  const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`;
  throw forbidden(type, metadata.name, why);
}
