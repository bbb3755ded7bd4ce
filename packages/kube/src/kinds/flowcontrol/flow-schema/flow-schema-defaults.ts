import { objectIn, whenEmpty } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_FlowSchemaSpec. */
export function defaultFlowSchema(schema: JsonObject): void {
  whenEmpty(objectIn(schema, "spec"), "matchingPrecedence", 1000);
}
