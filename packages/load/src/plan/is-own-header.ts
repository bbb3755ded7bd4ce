/** Whether the generator sets a header itself: it says how a request is delimited, or what its connection is for. */
export function isOwnHeader(name: string): boolean {
  return /^(?:connection|content-length|transfer-encoding|upgrade|expect|trailer)$/i.test(name);
}
