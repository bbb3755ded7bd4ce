import type { OwnAnswer } from "../proxy-behavior.ts";
import type { EdgeRequest } from "../requests/edge-request.ts";
import { hostName } from "../route-table.ts";
import type { NginxSettings } from "./nginx-annotations.ts";

/**
 * What ingress-nginx answers itself by the annotations of an Ingress, in the order of its template: the redirect to HTTPS comes
 * before all else (rootfs/etc/nginx/lua/lua_ingress.lua, rewrite; rootfs/etc/nginx/template/nginx.tmpl).
 */
export function nginxAnswer(
  settings: NginxSettings,
  hasTls: boolean,
): (request: EdgeRequest) => OwnAnswer | undefined {
  const { httpsRedirect, behavior } = settings;
  const goesToHttps = httpsRedirect === "always" || (httpsRedirect === "with-tls" && hasTls);
  return (request) => {
    const page = behavior.httpsRedirect;
    if (goesToHttps && page !== undefined && !request.connection.isTls)
      return { ...page, headers: ["Location", httpsUrl(request)] };
    return undefined;
  };
}

function httpsUrl({ host, target, connection: { tlsPort } }: EdgeRequest): string {
  return `https://${hostName(host)}${tlsPort === 443 ? "" : `:${tlsPort}`}${target}`;
}
