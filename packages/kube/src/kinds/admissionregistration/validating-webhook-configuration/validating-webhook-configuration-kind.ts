import { webhookColumns } from "../webhook-columns.ts";
import { kind, type Kind } from "../../kind.ts";

/** Webhooks that may refuse what is written. */
export const validatingWebhookConfigurationKind: Kind = kind(
  "admissionregistration.k8s.io",
  "v1",
  "ValidatingWebhookConfiguration",
  "validatingwebhookconfigurations",
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
