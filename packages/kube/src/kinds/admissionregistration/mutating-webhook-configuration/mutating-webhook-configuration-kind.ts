import { webhookColumns } from "../webhook-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Webhooks that may change what is written. */
export const mutatingWebhookConfigurationKind: Kind = kind(
  "admissionregistration.k8s.io",
  "v1",
  "MutatingWebhookConfiguration",
  "mutatingwebhookconfigurations",
  "cluster",
  {
    categories: ["api-extensions"],
    loadRules: async () => {
      const { webhookConfigurationErrors } = await import("../webhook-errors.ts");
      return { createErrors: webhookConfigurationErrors, updateErrors: webhookConfigurationErrors };
    },
    storage: {
      status: "none",
      unconditionalUpdate: false,
      generationInputs: (object) => object["webhooks"],
    },
    columns: webhookColumns,
  },
);
