/**
 * Headers that must never come back, whatever the server's own list says: an attacker who can make others send them would
 * speak for this service with them.
 */
export const dangerous: ReadonlySet<string> = new Set(
  `
    connection keep-alive proxy-connection te trailer upgrade http2-settings authorization cookie
    set-cookie proxy-authenticate www-authenticate location refresh content-encoding
    content-disposition content-security-policy content-location content-range
    access-control-allow-origin access-control-allow-credentials cross-origin-opener-policy
    strict-transport-security x-frame-options x-content-type-options clear-site-data nel link
    alt-svc sourcemap service-worker-allowed permissions-policy referrer-policy cache-control etag
    expires age vary last-modified date server via warning x-accel-redirect x-sendfile
    x-envoy-immediate-health-check-fail surrogate-control x-forwarded-for x-forwarded-host x-real-ip
    forwarded grpc-status version x-pod-name
`
    .split(/\s+/)
    .filter((name) => name !== ""),
);
