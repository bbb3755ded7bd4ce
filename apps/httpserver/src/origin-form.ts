/**
 * A request's target as path and query. It may also be a whole URL, which means the same; its host then counts in place of
 * the header's, and here none counts: RFC 9112, section 3.2.2.
 */
export function originForm(target: string): string {
  if (target.startsWith("/")) return target;
  const origin = /^https?:\/\/[^/?]+/i.exec(target)?.[0];
  if (origin === undefined) return target;
  const rest = target.slice(origin.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}
