import { invalidBecause, invalidValue, requiredValue, type FieldErrors } from "../field-error.ts";
import { dns1123Subdomain } from "./names.ts";

const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const isHttpPath = new RegExp(`^${httpPath}$`);

/** What is wrong with a name like `example.com/path`. */
export function* domainPrefixedPathErrors(field: string, text: string): FieldErrors {
  if (text === "") return yield requiredValue(field);
  const cut = text.indexOf("/");
  if (cut <= 0 || cut === text.length - 1)
    return yield invalidValue(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")');
  const [host, path] = [text.slice(0, cut), text.slice(cut + 1)];
  yield* invalidBecause(field, host, dns1123Subdomain(host));
  if (!isHttpPath.test(path))
    yield invalidValue(field, path, `Invalid path (regex used for validation is '${httpPath}')`);
}
