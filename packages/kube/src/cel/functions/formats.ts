import type { Environment, Optional as OptionalClass } from "@marcbachmann/cel-js";
import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  qualifiedName,
  asPrefix,
  type NameCheck,
} from "../../kinds/meta/names.ts";
import { checkedFormat } from "../../custom-kinds/schema-formats.ts";

/** Kubernetes' library of named formats: `format.dns1123Label().validate(name)`. */
export function registerFormats(environment: Environment, Optional: typeof OptionalClass): void {
  class Format {
    readonly check: NameCheck;
    constructor(check: NameCheck) {
      this.check = check;
    }
  }
  class Formats {
    readonly name = "format";
  }
  environment
    .registerType("NamedFormat", { ctor: Format, fields: {} })
    .registerType("NamedFormats", { ctor: Formats, fields: {} })
    .registerConstant("format", "NamedFormats", new Formats())
    .registerFunction("NamedFormat.validate(string): optional<dyn>", ({ check }: Format, text: string) => {
      const reasons = check(text);
      return reasons.length === 0 ? Optional.none() : Optional.of(reasons);
    });
  for (const [name, check] of Object.entries(formats))
    environment.registerFunction(`NamedFormats.${name}(): NamedFormat`, () => new Format(check));
}

const formats: Readonly<Record<string, NameCheck>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  dns1123LabelPrefix: asPrefix(dns1123Label),
  dns1123SubdomainPrefix: asPrefix(dns1123Subdomain),
  dns1035LabelPrefix: asPrefix(dns1035Label),
  qualifiedName,
  labelValue,
  uri: strfmt("uri", "not a valid URI"),
  uuid: strfmt("uuid", "does not match the UUID format"),
  byte: strfmt("byte", "invalid base64"),
  date: strfmt("date", "invalid date"),
  datetime: strfmt("datetime", "invalid datetime"),
};

function strfmt(format: string, reason: string): NameCheck {
  const { check } = checkedFormat({ type: "string", format }) ?? {};
  return (text) => (check?.(text) === false ? [reason] : []);
}
