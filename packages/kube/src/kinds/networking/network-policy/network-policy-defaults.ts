import { objectIn } from "../../../defaults/fill-in.ts";
import { type JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_NetworkPolicy: a policy is about egress only where it has rules for it. */
export function defaultNetworkPolicy(policy: JsonObject): void {
  const spec = objectIn(policy, "spec");
  if (Array.isArray(spec["policyTypes"]) && spec["policyTypes"].length > 0) return;
  const hasEgress = Array.isArray(spec["egress"]) && spec["egress"].length > 0;
  spec["policyTypes"] = hasEgress ? ["Ingress", "Egress"] : ["Ingress"];
}
