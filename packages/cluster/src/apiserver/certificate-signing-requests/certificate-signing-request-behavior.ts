import { readSigningRequest } from "@seaworthy/certificates";
import {
  certificateSigningRequestStatusErrors,
  deepEqual,
  type CertificateSigningRequest,
} from "@seaworthy/kube";
import { thisProcess } from "../authentication/users.ts";
import { forbidden } from "../http/status-error.ts";
import type { Behavior } from "../resource.ts";
import { approveRequest } from "./approve-request.ts";
import { demandSigner, type } from "./demand-signer.ts";
import { keepDecisions, stampConditions } from "./conditions.ts";

/**
 * CertificateSigningRequests: they say who asked, never change but for what is decided of them, and are approved by those
 * who may, for the signer that is asked.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/certificates/certificates/strategy.go
 */
export const certificateSigningRequestBehavior: Behavior = {
  prepareCreate(draft, { user = thisProcess }) {
    const { spec, metadata } = draft as CertificateSigningRequest;
    const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...asked } = spec ?? {};
    const { username, uid, groups, extra } = user;
    draft["spec"] = {
      ...asked,
      username,
      ...(uid === undefined ? {} : { uid }),
      ...(groups.length === 0 ? {} : { groups }),
      ...(extra === undefined ? {} : { extra }),
    };
    draft["status"] = {};
    refuseMasters(asked, metadata.name);
    return [];
  },
  prepareUpdate(draft, old) {
    draft["spec"] = old["spec"];
    return [];
  },
  prepareStatus(draft, old, context) {
    const request = draft as CertificateSigningRequest;
    const before = old as CertificateSigningRequest;
    keepDecisions(request, before);
    stampConditions(request, before, context.clock.now());
    const errors = [...certificateSigningRequestStatusErrors(request, before, "status")];
    const { certificate, conditions } = before.status ?? {};
    const isSame =
      request.status?.certificate === certificate && deepEqual(request.status?.conditions, conditions);
    if (errors.length === 0 && !isSame) demandSigner(context, before, "sign");
    return errors;
  },
  subresources: [
    {
      name: "approval",
      kind: { group: type.group, version: "v1", kind: type.kind },
      verbs: ["get", "patch", "update"],
      handle: approveRequest,
    },
  ],
};

/** The admission plugin CertificateSubjectRestriction. What is no request at all is refused later. */
function refuseMasters(
  { signerName = "", request = "" }: CertificateSigningRequest["spec"],
  name: string,
): void {
  if (signerName !== "kubernetes.io/kube-apiserver-client") return;
  const group = "system:masters";
  if (!organizationsOf(request).includes(group)) return;
  throw forbidden(type, name, `use of ${signerName} signer with ${group} group is not allowed`);
}

function organizationsOf(request: string): readonly string[] {
  try {
    return readSigningRequest(Buffer.from(request, "base64").toString()).organizations;
  } catch {
    return [];
  }
}
