/** What is wrong with a text as a name of some form: a sentence for each rule that it breaks, none when it is right. */
export type NameCheck = (name: string) => string[];

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const underscoreLabel = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const underscoreSubdomain = `${underscoreLabel}(\\.${underscoreLabel})*`;
const keyName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

const isLabel = whole(label);
const isSubdomain = whole(subdomain);

/** A lower case RFC 1123 label: the names of containers, volumes, namespaces and Services. */
export function dns1123Label(name: string): string[] {
  const reasons = longerThan(name, 63);
  if (isLabel.test(name)) return reasons;
  if (isSubdomain.test(name)) return [...reasons, "must not contain dots"];
  const form =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...reasons, notOfForm(form, label, ["my-name", "123-abc"])];
}

/** An RFC 1035 label, which begins with a letter: the names of Services and of custom kinds, and the versions of an API. */
export const dns1035Label = form(
  63,
  "[a-z]([-a-z0-9]*[a-z0-9])?",
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  ["my-name", "abc-123"],
);

/** A name in the language C: the attributes of devices. */
export const cIdentifier = form(
  Infinity,
  "[A-Za-z_][A-Za-z0-9_]*",
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  ["my_name", "MY_NAME", "MyName"],
);

/** A lower case RFC 1123 subdomain: the names of most objects, and host names. */
export const dns1123Subdomain = form(
  253,
  subdomain,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  ["example.com"],
);

/** A subdomain that may have underscores: DNS search paths. */
export const dns1123SubdomainWithUnderscore = form(
  253,
  underscoreSubdomain,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  ["example.com"],
);

/** `*.example.com`. */
export const wildcardSubdomain = form(
  253,
  `\\*\\.${subdomain}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  ["*.example.com"],
);

/** The key of a ConfigMap or Secret, which becomes the name of a file. */
export function configMapKey(name: string): string[] {
  const reasons = configMapKeyForm(name);
  if (name === ".") reasons.push("must not be '.'");
  else if (name === "..") reasons.push("must not be '..'");
  else if (name.startsWith("..")) reasons.push("must not start with '..'");
  return reasons;
}

const configMapKeyForm = form(
  253,
  "[-._a-zA-Z0-9]+",
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  ["key.name", "KEY_NAME", "key-name"],
);

/** The name of a port (IANA_SVC_NAME). */
export function portName(name: string): string[] {
  const reasons = longerThan(name, 15);
  if (!/^[-a-z0-9]+$/.test(name))
    reasons.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(name)) reasons.push("must contain at least one letter (a-z)");
  if (name.includes("--")) reasons.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) reasons.push("must not begin or end with a hyphen");
  return reasons;
}

/** The name of an environment variable: anything printable but `=`. */
export function envVarName(name: string): string[] {
  if (name === "") return ["environment variable name must be non-empty"];
  return /^[ -<>-~]+$/.test(name)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** The name of an HTTP header. */
export const httpHeaderName = form(
  Infinity,
  "[-A-Za-z0-9]+",
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  ["X-Header-Name"],
);

/** `25%`. */
export const percent = form(
  Infinity,
  "[0-9]+%",
  "a valid percent string must be a numeric string followed by an ending '%'",
  ["1%", "93%"],
);

const isKeyName = whole(keyName);
const keyNameReason = notOfForm(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  keyName,
  ["MyName", "my.name", "123-abc"],
);

/** The key of a label, and whatever else has an optional domain before a name: `example.com/name`. */
export function qualifiedName(text: string): string[] {
  // Most keys are a short name without a domain.
  if (text.length <= 63 && isKeyName.test(text)) return [];
  const reasons: string[] = [];
  const parts = text.split("/");
  if (parts.length > 2)
    return [
      `a valid label key ${keyNameReason} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const name = parts.at(-1) ?? "";
  if (parts.length === 2) {
    const [prefix = ""] = parts;
    if (prefix === "") reasons.push("prefix part must be non-empty");
    else reasons.push(...inBytes(dns1123Subdomain(prefix)).map((reason) => `prefix part ${reason}`));
  }
  if (name === "") reasons.push("name part must be non-empty");
  else if (byteLength(name) > 63) reasons.push("name part must be no more than 63 bytes");
  if (!isKeyName.test(name)) reasons.push(`name part ${keyNameReason}`);
  return reasons;
}

const labelValueForm = form(
  63,
  `(${keyName})?`,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  ["MyValue", "my_value", "12345"],
);

/** The value of a label. */
export function labelValue(value: string): string[] {
  return inBytes(labelValueForm(value));
}

/** A name that can stand between two slashes of a URL. */
export function pathSegmentName(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

/** The check for the beginning of a generated name: a dash at its end will have letters after it. */
export function asPrefix(check: NameCheck): NameCheck {
  return (name) => check(name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name);
}

/** How many bytes a text has, which is what Kubernetes counts. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** The sentence about a text that is not of a form, with examples. */
function notOfForm(rule: string, expression: string, examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return `${rule} (e.g. ${shown}regex used for validation is '${expression}')`;
}

function form(most: number, expression: string, rule: string, examples: readonly string[]): NameCheck {
  const matches = whole(expression);
  const reason = notOfForm(rule, expression, examples);
  return (name) => [...longerThan(name, most), ...(matches.test(name) ? [] : [reason])];
}

function whole(expression: string): RegExp {
  return new RegExp(`^(?:${expression})$`);
}

function longerThan(name: string, most: number): string[] {
  // A text of n UTF-16 units has between n and 3n bytes.
  const isLonger = name.length * 3 > most && byteLength(name) > most;
  return isLonger ? [`must be no more than ${most} characters`] : [];
}

/** A subdomain where a newer check of Kubernetes looks at it. */
export function longName(name: string): string[] {
  return inBytes(dns1123Subdomain(name));
}

/** Newer checks of Kubernetes say bytes where older ones say characters, and mean the same. */
function inBytes(reasons: readonly string[]): string[] {
  return reasons.map((reason) => reason.replace(/^(must be no more than \d+) characters$/, "$1 bytes"));
}
