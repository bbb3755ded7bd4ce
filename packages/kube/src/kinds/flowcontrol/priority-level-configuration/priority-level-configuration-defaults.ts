import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_PriorityLevelConfigurationSpec. */
export function defaultPriorityLevelConfiguration(level: JsonObject): void {
  const spec = objectIn(level, "spec");
  if (spec["type"] === "Exempt") {
    const exempt = objectIn(spec, "exempt");
    whenAbsent(exempt, "nominalConcurrencyShares", 0);
    whenAbsent(exempt, "lendablePercent", 0);
  }
  if (isJsonObject(spec["limited"])) defaultLimited(spec["limited"]);
}

function defaultLimited(limited: JsonObject): void {
  whenAbsent(limited, "nominalConcurrencyShares", 30);
  whenAbsent(limited, "lendablePercent", 0);
  const response = limited["limitResponse"];
  const queuing = isJsonObject(response) ? response["queuing"] : undefined;
  if (!isJsonObject(queuing)) return;
  whenEmpty(queuing, "queues", 64);
  whenEmpty(queuing, "handSize", 8);
  whenEmpty(queuing, "queueLengthLimit", 50);
}
