/** Whether a header follows from the request and its connection, or, as Host, from the route. */
export function isOwnHeader(name: string): boolean {
  return /^(?:host|connection|content-length|transfer-encoding|upgrade|expect|trailer)$/i.test(name);
}
