import { createHash, createPublicKey, sign, verify, type KeyObject } from "node:crypto";

/** Signs and reads JSON Web Tokens (RFC 7519) with one key on P-256 (ES256, RFC 7518). */
export interface TokenSigner {
  sign(claims: object): string;
  /** The claims of a token that this key signed; throws an `Error` that says what is wrong with others. */
  read(token: string): unknown;
  /** The public key as JSON Web Key (RFC 7517), for those who check tokens themselves. */
  readonly publicKey: Readonly<Record<string, unknown>>;
}

/** Far above what a token of ours has; whoever sends more does not send one. */
const longestToken = 16 * 1024;

/** Makes a signer of a private key on P-256. */
export function createTokenSigner(privateKey: KeyObject): TokenSigner {
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: "spki", format: "der" });
  // As Kubernetes names its keys (pkg/serviceaccount/jwt.go, keyIDFromPublicKey).
  const kid = createHash("sha256").update(spki).digest("base64url");
  const head = encode({ alg: "ES256", kid });
  const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
  return {
    publicKey: { use: "sig", kid, alg: "ES256", ...publicKey.export({ format: "jwk" }) },
    sign(claims) {
      const signed = `${head}.${encode(claims)}`;
      return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
    },
    read(token) {
      // What does not even look like one of ours is not told what is wrong with it.
      const notOurs = new Error("invalid bearer token");
      if (token.length > longestToken) throw notOurs;
      const [header = "", payload = "", signature = "", ...more] = token.split(".");
      // The header is compared, not obeyed: nobody can choose another algorithm, or none.
      if (header !== head || more.length > 0) throw notOurs;
      const bytes = Buffer.from(signature, "base64url");
      // Of several ways to write the same bytes only one is taken, so that a token has one spelling.
      const isSigned =
        bytes.toString("base64url") === signature &&
        verify(
          "sha256",
          Buffer.from(`${header}.${payload}`),
          { key: publicKey, dsaEncoding: "ieee-p1363" },
          bytes,
        );
      if (!isSigned) throw new Error("go-jose/go-jose: error in cryptographic primitive");
      return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as unknown;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
