import { STATUS_CODES } from "node:http";
import { isAnsweredPreflight } from "../cors.ts";
import { nginxPage, type OwnAnswer } from "../proxy-behavior.ts";
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
  const { httpsRedirect, behavior, appRoot, redirect, cors } = settings;
  const goesToHttps = httpsRedirect === "always" || (httpsRedirect === "with-tls" && hasTls);
  return (request) => {
    const { isTls } = request.connection;
    const page = behavior.httpsRedirect;
    if (goesToHttps && page !== undefined && !isTls)
      return { ...page, headers: ["Location", httpsUrl(request)] };
    if (appRoot !== undefined && isRoot(request.target))
      return redirectTo(302, `${isTls ? "https" : "http"}://${request.host}${appRoot}`);
    if (redirect !== undefined) return redirectTo(redirect.status, redirect.url);
    if (cors !== undefined && isAnsweredPreflight(cors, request)) return { status: 204, body: "" };
    return undefined;
  };
}

function isRoot(target: string): boolean {
  return target === "/" || target.startsWith("/?");
}

function redirectTo(status: number, url: string): OwnAnswer {
  return { ...nginxPage(status, STATUS_CODES[status] ?? ""), headers: ["Location", url] };
}

function httpsUrl({ host, target, connection: { tlsPort } }: EdgeRequest): string {
  return `https://${hostName(host)}${tlsPort === 443 ? "" : `:${tlsPort}`}${target}`;
}
