import type { CustomResourceConversion } from "../../../../custom-kinds/custom-resource-definition.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedText,
  type FieldErrors,
} from "../../../field-error.ts";
import { dns1035Label, dns1123Subdomain } from "../../../meta/names.ts";

const field = "spec.conversion";
const form = "; desired format: https://host[/path]";

/** What is wrong with how versions become each other (validateCustomResourceConversion). */
export function* conversionErrors(conversion: CustomResourceConversion | undefined): FieldErrors {
  if (conversion === undefined) return;
  const { strategy, webhook } = conversion;
  if (strategy === "") yield requiredValue(`${field}.strategy`);
  else if (strategy !== "None" && strategy !== "Webhook")
    yield unsupportedText(`${field}.strategy`, strategy, ["None", "Webhook"]);
  if (strategy !== "Webhook") {
    if (webhook?.clientConfig !== undefined)
      yield forbiddenValue(
        `${field}.webhookClientConfig`,
        "should not be set when strategy is not set to Webhook",
      );
    if ((webhook?.conversionReviewVersions ?? []).length > 0)
      yield forbiddenValue(
        `${field}.conversionReviewVersions`,
        "should not be set when strategy is not set to Webhook",
      );
    return;
  }
  yield* clientConfigErrors(webhook?.clientConfig);
  yield* reviewVersionsErrors(webhook?.conversionReviewVersions ?? []);
}

type ClientConfig = NonNullable<NonNullable<CustomResourceConversion["webhook"]>["clientConfig"]>;

function* clientConfigErrors(config: ClientConfig | undefined): FieldErrors {
  const at = `${field}.webhookClientConfig`;
  if (config === undefined) yield requiredValue(at, "required when strategy is set to Webhook");
  else if ((config.url === undefined) === (config.service === undefined))
    yield requiredValue(at, "exactly one of url or service is required");
  else if (config.url !== undefined) yield* urlErrors(`${at}.url`, config.url);
  else yield* serviceErrors(`${at}.service`, config.service ?? {});
}

function* urlErrors(at: string, text: string): FieldErrors {
  if (!URL.canParse(text)) {
    const [, scheme = ""] = /^([A-Za-z][-+.A-Za-z0-9]*):/.exec(text) ?? [];
    if (scheme !== "https") yield invalidValue(at, scheme, `'https' is the only allowed URL scheme${form}`);
    yield invalidValue(at, "", `host must be specified${form}`);
    return;
  }
  const url = new URL(text);
  if (url.protocol !== "https:")
    yield invalidValue(at, url.protocol.slice(0, -1), `'https' is the only allowed URL scheme${form}`);
  if (url.host === "") yield invalidValue(at, "", `host must be specified${form}`);
  if (url.username !== "")
    yield invalidValue(at, url.username, "user information is not permitted in the URL");
  if (url.hash !== "") yield invalidValue(at, url.hash.slice(1), "fragments are not permitted in the URL");
  if (url.search !== "")
    yield invalidValue(at, url.search.slice(1), "query parameters are not permitted in the URL");
}

/** Kubernetes hands the name over where the namespace is meant, and the other way round. */
function* serviceErrors(
  at: string,
  { name = "", namespace = "", path, port = 443 }: NonNullable<ClientConfig["service"]>,
): FieldErrors {
  if (namespace === "") yield requiredValue(`${at}.name`);
  if (name === "") yield requiredValue(`${at}.namespace`);
  if (port < 1 || port > 65535)
    yield invalidValue(`${at}.port`, port, "port is not valid: must be between 1 and 65535, inclusive");
  if (path === undefined || path === "" || path === "/") return;
  if (!path.startsWith("/")) yield invalidValue(`${at}.path`, path, "must start with a '/'");
  for (const [index, step] of path.slice(1).replace(/\/$/, "").split("/").entries())
    if (step === "") yield invalidValue(`${at}.path`, path, `segment[${index}] may not be empty`);
    else
      for (const reason of dns1123Subdomain(step))
        yield invalidValue(`${at}.path`, path, `segment[${index}]: ${reason}`);
}

function* reviewVersionsErrors(versions: readonly string[]): FieldErrors {
  const at = `${field}.conversionReviewVersions`;
  if (versions.length === 0) {
    yield requiredValue(at);
    return;
  }
  for (const [index, version] of versions.entries())
    if (versions.indexOf(version) < index)
      yield invalidValue(`${at}[${index}]`, version, "duplicate version");
    else yield* invalidBecause(`${at}[${index}]`, version, dns1035Label(version));
  if (!versions.includes("v1") && !versions.includes("v1beta1"))
    yield invalidValue(at, versions, "must include at least one of v1, v1beta1");
}
