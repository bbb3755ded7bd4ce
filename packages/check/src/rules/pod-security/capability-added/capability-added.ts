import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { baselineCapabilities, nodeCapabilities } from "../capability-levels.ts";
import { standardsSources } from "../standards-sources.ts";

/** A capability beyond those that the level `baseline` allows. */
export const capabilityAdded = podRule(
  {
    id: "capability-added",
    severity: "advice",
    title: "a container adds a capability that servers do not need",
    why: `Each such capability is a part of root's power that no ordinary server needs: NET_ADMIN changes routes and
firewalls, NET_RAW forges packets of other pods, SYS_TIME sets the node's clock.`,
    mend: `Remove the capability, or ignore the rule there and say what it is for. Names are written without \`CAP_\`.`,
    sources: standardsSources("capabilities_baseline"),
    profile: "strict",
    podSecurity: "baseline",
    peers: { polaris: ["dangerousCapabilities"] },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      for (const [index, capability] of (context.capabilities?.add ?? []).entries()) {
        if (baselineCapabilities.has(capability) || nodeCapabilities.has(capability)) continue;
        const field = [...path, "capabilities", "add", index];
        yield {
          path: field,
          message: `${holder} adds the capability ${capability}, which servers do not need`,
          label: "more than the level baseline allows",
          next: [`remove ${capability} from capabilities.add`],
          fix: offerToRemove(pod, field),
        };
      }
    }
  },
);
