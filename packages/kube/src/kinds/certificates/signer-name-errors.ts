import { invalidValue, requiredValue, tooLongValue, type FieldErrors } from "../field-error.ts";
import { byteLength, dns1123Label, dns1123Subdomain } from "../meta/names.ts";

const longestDomain = 253;
const longestPath = 253 + 63 + 1;

/** What is wrong with the name of a signer: `example.com/signer`. The first part of each half that is bad is told. */
export function* signerNameErrors(field: string, name: string): FieldErrors {
  if (name === "") return yield requiredValue(field);
  const [domain = "", path, ...rest] = name.split("/");
  if (path === undefined || rest.length > 0)
    return yield invalidValue(
      field,
      name,
      "must be a fully qualified domain and path of the form 'example.com/signer-name'",
    );
  if (byteLength(domain) > longestDomain) yield tooLongValue(field, longestDomain);
  const labels = domain.split(".");
  yield* firstBadLabelErrors(field, domain, labels, dns1123Label);
  if (labels.length < 2)
    yield invalidValue(field, domain, "should be a domain with at least two segments separated by dots");
  yield* firstBadLabelErrors(field, path, path.split("."), dns1123Subdomain);
  const longest = longestDomain + longestPath + 1;
  if (byteLength(name) > longest) yield tooLongValue(field, longest);
}

function* firstBadLabelErrors(
  field: string,
  shown: string,
  labels: readonly string[],
  check: (label: string) => string[],
): FieldErrors {
  const bad = labels.find((label) => check(label).length > 0);
  if (bad === undefined) return;
  for (const reason of check(bad))
    yield invalidValue(field, shown, `validating label ${JSON.stringify(bad)}: ${reason}`);
}
