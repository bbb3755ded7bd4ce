import type { LoadPlan, RequestTemplate, Target, TlsSettings } from "../plan/plan.ts";

/** The text that stands in place of a secret. */
export const hidden = "(hidden)";

const secretName =
  /auth|cookie|token|secret|passw|credential|session|signature|api-?key|^key$|[-_]key$|^sig$/i;

/**
 * A plan for a file that others may read. Header values and query parameters whose names sound like secrets are hidden, bodies
 * appear only with their size, and TLS only with the settings that were used, without key and certificate.
 */
export function planAsData(plan: LoadPlan): Record<string, unknown> {
  return {
    ...plan,
    targets: plan.targets.map((target) => targetAsData(target)),
    requests: plan.requests.map((request) => requestAsData(request)),
    streams: plan.streams.map(({ path, headers = [], body, ...stream }) => ({
      ...stream,
      path: withoutSecrets(path),
      headers: headersAsData(headers),
      ...(body === undefined ? {} : { bodyBytes: Buffer.byteLength(body) }),
    })),
    maxRequests: plan.maxRequests ?? null,
  };
}

function targetAsData({ tls, path, ...target }: Target): Record<string, unknown> {
  return { ...target, path: withoutSecrets(path), tls: tls === undefined ? null : tlsAsData(tls) };
}

function tlsAsData({ serverName, ca, cert, insecure }: TlsSettings): Record<string, unknown> {
  return {
    serverName: serverName ?? null,
    ownCa: ca !== undefined,
    clientCertificate: cert !== undefined,
    insecure: insecure === true,
  };
}

function requestAsData({ path, headers, body, ...request }: RequestTemplate): Record<string, unknown> {
  return {
    ...request,
    ...(path === undefined ? {} : { path: withoutSecrets(path) }),
    headers: headersAsData(headers ?? []),
    bodyBytes: body === undefined ? 0 : Buffer.byteLength(body),
  };
}

function headersAsData(headers: NonNullable<RequestTemplate["headers"]>): [name: string, value: string][] {
  return headers.map(([name, value]) => [name, secretName.test(name) ? hidden : value]);
}

/** A path without the values of query parameters whose names sound like secrets. */
export function withoutSecrets(path: string): string {
  return path.replace(/([?&])([^=&]*)=([^&]*)/g, (whole, mark: string, name: string) =>
    secretName.test(name) ? `${mark}${name}=${hidden}` : whole,
  );
}
