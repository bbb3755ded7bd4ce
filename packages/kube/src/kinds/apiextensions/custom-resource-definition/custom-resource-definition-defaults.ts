import { whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apis/apiextensions/v1/defaults.go */
export function defaultDefinition(definition: JsonObject): void {
  const spec = definition["spec"];
  if (!isJsonObject(spec)) return;
  const names = spec["names"];
  if (isJsonObject(names) && typeof names["kind"] === "string") {
    whenEmpty(names, "singular", names["kind"].toLowerCase());
    if (names["kind"] !== "") whenEmpty(names, "listKind", `${names["kind"]}List`);
  }
  whenAbsent(spec, "conversion", { strategy: "None" });
  const webhook = isJsonObject(spec["conversion"]) ? spec["conversion"]["webhook"] : undefined;
  const config = isJsonObject(webhook) ? webhook["clientConfig"] : undefined;
  if (isJsonObject(config) && isJsonObject(config["service"])) whenAbsent(config["service"], "port", 443);
}
