import type { Secret } from "@seaworthy/kube";
import { invalidValue } from "../status-error.ts";
import { immutableErrors } from "./config-map-strategy.ts";
import type { Strategy } from "./strategy.ts";

/** Secrets: `stringData` is write-only and goes into `data`; the type never changes. */
export const secretStrategy: Strategy = {
  status: "none",
  selectableFields: (object) => ({ type: (object as Secret).type }),
  prepareCreate(draft) {
    foldStringData(draft);
    (draft as Secret).type ??= "Opaque";
    return [];
  },
  prepareUpdate(draft, old) {
    const secret = draft as Secret;
    foldStringData(secret);
    secret.type ??= (old as Secret).type ?? "Opaque";
    const typeChanged = secret.type !== ((old as Secret).type ?? "Opaque");
    return [
      ...(typeChanged ? [invalidValue("type", secret.type, "field is immutable")] : []),
      ...immutableErrors(draft, old, ["data"]),
    ];
  },
};

function foldStringData(secret: Secret): void {
  if (secret.stringData === undefined) return;
  const data: Record<string, string> = { ...secret.data };
  for (const [key, text] of Object.entries(secret.stringData))
    data[key] = Buffer.from(text).toString("base64");
  secret.data = data;
  delete secret.stringData;
}
