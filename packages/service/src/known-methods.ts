/**
 * The methods that metrics and traces name as they are; all others are `_OTHER`. RFC 9110 section 9.3, PATCH (RFC 5789) and
 * QUERY, as the semantic conventions have them.
 */
export const standardMethods: ReadonlySet<string> = new Set([
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE",
]);
