export {
  createCertificateAuthority,
  type CertificateAuthority,
  type CertificateRequest,
} from "./certificate-authority.ts";
export type { KeyPair, Validity } from "./certificate.ts";
export { selfSigned } from "./self-signed.ts";
