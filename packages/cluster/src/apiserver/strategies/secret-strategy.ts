import type { Secret } from "@seaworthy/kube";
import type { Strategy } from "./strategy.ts";

/** Secrets: `stringData` is write-only and goes into `data`. */
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
    return [];
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
