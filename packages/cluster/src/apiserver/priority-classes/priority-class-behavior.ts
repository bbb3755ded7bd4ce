import { admitDefaultPriority } from "../admission/priority.ts";
import type { Behavior } from "../resource.ts";

/** PriorityClasses, of which one may be the default. */
export const priorityClassBehavior: Behavior = {
  prepareCreate(draft, context) {
    admitDefaultPriority(draft, context, true);
    return [];
  },
  prepareUpdate(draft, _, context) {
    admitDefaultPriority(draft, context, false);
    return [];
  },
};
