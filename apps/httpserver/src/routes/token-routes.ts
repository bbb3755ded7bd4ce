import type { FastifyInstance, FastifyReply } from "fastify";
import { jsonBodyOf } from "../body-parser.ts";
import { bearerToken } from "../bearer-token.ts";
import { httpError, sendError } from "../answers/error-answers.ts";
import { addOperation, errorContent, jsonContent, type Operation } from "../openapi/operation.ts";

/** The secret that tokens are signed with. */
export interface TokenParts {
  /** At least 32 bytes, as HS256 demands: RFC 7518, section 3.2. Without it there are no tokens. */
  readonly jwtSecret: string | undefined;
}

const issuer = "httpserver";
const defaultTtlSeconds = 60;
const maxTtlSeconds = 86_400;
/** The claims that the service itself sets: RFC 7519, section 4.1. */
const reservedClaims = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/** JSON Web Tokens: POST /token gives one, GET /token/validate judges one. */
export function tokenRoutes(app: FastifyInstance, { jwtSecret }: TokenParts): void {
  const key = jwtSecret === undefined ? undefined : new TextEncoder().encode(jwtSecret);

  addOperation(app, issueOperation, async (request) => {
    const secret = needed(key);
    const { subject, claims, ttlSeconds } = readWish(jsonBodyOf(request));
    const { SignJWT } = await import("jose");
    const issuedAt = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(issuer)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ttlSeconds)
      .sign(secret);
    return { token, expiresAt: new Date((issuedAt + ttlSeconds) * 1_000).toISOString() };
  });

  addOperation(app, validateOperation, async (request, reply) => {
    const secret = needed(key);
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) return refuse(reply, undefined);
    const { jwtVerify, errors } = await import("jose");
    try {
      const { payload } = await jwtVerify(token, secret, { algorithms: ["HS256"], issuer });
      return {
        subject: payload.sub,
        expiresAt: new Date((payload.exp ?? 0) * 1_000).toISOString(),
        claims: payload,
      };
    } catch (error) {
      if (error instanceof errors.JOSEError) return refuse(reply, error.code);
      throw error;
    }
  });
}

function needed(key: Uint8Array | undefined): Uint8Array {
  if (key === undefined)
    throw httpError(503, "not_configured", "set JWT_SECRET or JWT_SECRET_FILE to use tokens");
  return key;
}

interface Wish {
  readonly subject: string;
  readonly claims: Record<string, unknown>;
  readonly ttlSeconds: number;
}

function readWish(body: Record<string, unknown>): Wish {
  const { subject = "anonymous", claims = {}, ttlSeconds = defaultTtlSeconds } = body;
  if (typeof subject !== "string" || subject.length > 256)
    throw httpError(400, "bad_subject", "subject must be a text of at most 256 characters");
  if (
    typeof ttlSeconds !== "number" ||
    !Number.isInteger(ttlSeconds) ||
    ttlSeconds < 1 ||
    ttlSeconds > maxTtlSeconds
  )
    throw httpError(400, "bad_ttl", `ttlSeconds must be a whole number from 1 to ${maxTtlSeconds}`);
  if (typeof claims !== "object" || claims === null || Array.isArray(claims))
    throw httpError(400, "bad_claims", "claims must be an object");
  const reserved = reservedClaims.find((name) => Object.hasOwn(claims, name));
  if (reserved !== undefined)
    throw httpError(400, "bad_claims", `the service itself sets the claim ${reserved}`);
  return { subject, claims: claims as Record<string, unknown>, ttlSeconds };
}

/** RFC 6750, section 3: a request without a token is told no error code. */
function refuse(reply: FastifyReply, reason: string | undefined): FastifyReply {
  if (reason === undefined) {
    reply.header("www-authenticate", `Bearer realm="${issuer}"`);
    return sendError(reply, 401, "no_token", "send Authorization: Bearer and a token of POST /token");
  }
  const challenge = `Bearer realm="${issuer}", error="invalid_token", error_description="${reason}"`;
  reply.header("www-authenticate", challenge);
  return sendError(reply, 401, "invalid_token", `the token is not valid: ${reason}`);
}

const notConfigured = errorContent("JWT_SECRET is not set");

const issueOperation: Operation = {
  method: "POST",
  url: "/token",
  summary: "Issues a signed token (JWT, HS256)",
  group: "State",
  body: jsonContent(
    "All may be left out",
    {
      type: "object",
      properties: {
        subject: { type: "string", maxLength: 256, default: "anonymous" },
        claims: { type: "object" },
        ttlSeconds: { type: "integer", minimum: 1, maximum: maxTtlSeconds, default: defaultTtlSeconds },
      },
    },
    { subject: "ada", ttlSeconds: 60 },
  ),
  answers: {
    200: jsonContent("The token and when it expires"),
    400: errorContent("The body cannot be meant"),
    503: notConfigured,
  },
};

const validateOperation: Operation = {
  method: "GET",
  url: "/token/validate",
  summary: "Judges the token in the Authorization header",
  group: "State",
  bearer: true,
  answers: {
    200: jsonContent("What the token says"),
    401: errorContent("There is no token, or it is not valid"),
    503: notConfigured,
  },
};
