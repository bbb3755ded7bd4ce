import { joinErrors } from "../authorization/authorizer.ts";
import type { PolicyRule } from "../authorization/policy-rule.ts";
import { badRequest } from "../http/status-error.ts";
import type { Reviewer } from "./review.ts";

/** What all may I? (`kubectl auth can-i --list`) */
export const reviewRules: Reviewer = ({ spec }, { context, user }) => {
  const { namespace = "" } = (spec ?? {}) as { readonly namespace?: string };
  if (namespace === "") throw badRequest("no namespace on request");
  const { rules, errors } = context.authorizer.rulesFor(user, namespace);
  return {
    metadata: {},
    spec: {},
    status: {
      resourceRules: rules.filter(({ resources = [] }) => resources.length > 0).map(resourceRule),
      nonResourceRules: rules
        .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: errors.length > 0,
      ...(errors.length === 0 ? {} : { evaluationError: joinErrors(errors) }),
    },
  };
};

function resourceRule({ verbs, apiGroups, resources, resourceNames = [] }: PolicyRule): PolicyRule {
  return {
    verbs,
    apiGroups,
    resources,
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
  } as PolicyRule;
}
