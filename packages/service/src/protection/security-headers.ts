import type { ServerResponse } from "node:http";
import type { ExchangeObserver } from "../exchange.ts";

/** The set of headers: none, the one for an API that no browser shows, or the one for pages. */
export type SecurityHeaders = "off" | "api" | "page";

type Header = readonly [name: string, value: string];

/** A browser that has seen this uses HTTPS for a year: RFC 6797. Subdomains are left out, because others may own them. */
const transport: Header = ["strict-transport-security", "max-age=31536000"];

/**
 * After OWASP's lists, without what only the application can know, such as the sources of a page's scripts, and without
 * headers that browsers no longer obey: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html,
 * https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
 */
const headersFor: Readonly<Record<"api" | "page", readonly Header[]>> = {
  api: [
    ["x-content-type-options", "nosniff"],
    ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "no-referrer"],
  ],
  page: [
    ["x-content-type-options", "nosniff"],
    ["content-security-policy", "base-uri 'self'; frame-ancestors 'self'; object-src 'none'"],
    ["x-frame-options", "SAMEORIGIN"],
    ["referrer-policy", "strict-origin-when-cross-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
  ],
};

/**
 * Puts security headers on each answer before the application, which can replace any of them. Strict-Transport-Security
 * goes with HTTPS only: where TLS ends at a proxy, the proxy must send it. Undefined: no headers are wanted.
 */
export function setSecurityHeaders(kind: SecurityHeaders): ExchangeObserver | undefined {
  if (kind === "off") return undefined;
  const plain = headersFor[kind];
  const secure = [...plain, transport];
  return {
    begin({ response, scheme }) {
      for (const [name, value] of scheme === "https" ? secure : plain) {
        (response as ServerResponse).setHeader(name, value);
      }
    },
  };
}
