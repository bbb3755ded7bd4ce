/** Whether a text can be a method or the name of a header field: RFC 9110, section 5.6.2. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** Whether a header follows from the request and its connection, or, as Host, from the route. */
export function isOwnHeader(name: string): boolean {
  return /^(?:host|connection|content-length|transfer-encoding|upgrade|expect|trailer)$/i.test(name);
}
