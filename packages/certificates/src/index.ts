export {
  certificateAuthorityOf,
  createCertificateAuthority,
  type CertificateAuthority,
  type CertificateRequest,
} from "./certificate-authority.ts";
export type { AlternativeNames, KeyPair, Validity } from "./certificate.ts";
export { knownUsages } from "./key-usages.ts";
export { selfSigned } from "./self-signed.ts";
export { readSigningRequest, SigningRequestError, type SigningRequest } from "./signing-request.ts";
