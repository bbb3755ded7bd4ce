/** Whether a variable or a key is called as secrets are: `DB_PASSWORD`, `api-key`, `clientSecret`. */
export function namesSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const text = words.join("_");
  return secretWords.test(text) && !describesSecret.test(text);
}

const secretWords =
  /(^|_)(\w*(password|passwd|passphrase)|pwd|secret|token|credentials?|(api|access|secret|private|auth|encryption|signing|license)_?key|(db|root|admin|user|mysql|redis|postgres|require)_?pass|masterauth)(_|$|\d)/;

/** About a secret and not the secret: where it is, how long it lasts, whether there is one. */
const describesSecret =
  /_(file|files|path|dir|directory|name|names|ref|id|ids|ttl|timeout|expiry|expiration|expires|expire|lifetime|age|duration|interval|seconds|minutes|hours|days|length|min|max|size|limit|count|policy|header|type|algorithm|alg|url|uri|endpoint|host|issuer|audience|audiences|enabled|disabled|required|enable|disable|mode|format|prefix|suffix|hash|rounds|rotation|field|param|claim|budget|bucket|manager|provider|backend|engine|store|location|encryption|strength|regex|pattern|reset|login|grant|scheme|cache|validation|check|flow|exchange|service|server|version|namespace|selector|label|annotation|review|reviewer)$|^(allow|enable|disable|require|use|has|is|no|max|min)_|_(allow|enable|disable|require|enabled)_|random_root|public/;

/** Whether a value may be a secret: not a switch, a number, a place, a reference or a word that stands for one to come. */
export function mayBeSecret(value: string): boolean {
  const text = value.trim();
  if (
    text === "" ||
    /^(true|false|yes|no|on|off|none|null|nil|disabled|enabled|optional|required)$/i.test(text)
  )
    return false;
  if (/^\d{1,4}(ms|s|m|h|d)?$/.test(text)) return false;
  if (isPlaceholder(text)) return false;
  // A path, an address without a password, or a name of a Secret Manager's secret.
  return !/^(\/|\.\/|file:|https?:\/\/[^@]*$|arn:|projects\/|vault:|secret:|ref\+|op:\/\/|awssm:|gcpsm:)/.test(
    text,
  );
}

/** Whether something else is to be put in its place before the object is applied, or by the program. */
export function isPlaceholder(text: string): boolean {
  return /\$\(|\$\{|\{\{|<[^>]+>|%\(|^\$[A-Za-z_]\w*$|^__\w+__$|^\*+$|^x{3,}$|^\.{3}$/i.test(text);
}
