import { textAt } from "../../columns/value-at.ts";
import { certificateSigningRequestColumns } from "./certificate-signing-request-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** CertificateSigningRequests. */
export const certificateSigningRequestKind: Kind = kind(
  "certificates.k8s.io",
  "v1",
  "CertificateSigningRequest",
  "certificatesigningrequests",
  "cluster",
  {
    shortNames: ["csr"],
    isRecord: true,
    loadRules: async () => {
      const { certificateSigningRequestErrors, certificateSigningRequestUpdateErrors } =
        await import("./certificate-signing-request-errors.ts");
      return {
        createErrors: certificateSigningRequestErrors,
        updateErrors: certificateSigningRequestUpdateErrors,
      };
    },
    storage: {
      status: "isolated",
      newStatus: {},
      selectableFields: (object) => ({ "spec.signerName": textAt(object, "spec.signerName") }),
    },
    columns: certificateSigningRequestColumns,
  },
);
