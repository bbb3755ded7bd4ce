import type { Transport } from "@seaworthy/client";
import { createAsker, type Asker, type Json } from "./asker.ts";
import type { Item } from "./item.ts";

/** A server to be asked, and what is beside it. */
export interface Target extends Pick<Asker, "image" | "shellImage" | "kubectl" | "helm"> {
  readonly transport: Transport;
  readonly has: readonly ("controllers" | "forgetfulness")[];
  /** Begins the names of its namespaces. */
  readonly prefix: string;
}

/** Why an item cannot be asked of a target; undefined when it can. */
export function whyNot(item: Item, target: Target): string | undefined {
  const missing = item.needs?.find((need) =>
    need === "controllers" || need === "forgetfulness"
      ? !target.has.includes(need)
      : target[need] === undefined,
  );
  if (missing === "forgetfulness") return "it still knows its first writes, as etcd does for 5 to 10 minutes";
  return missing === undefined ? undefined : `no ${missing}`;
}

/** Asks an item in a namespace of its own, which is taken away afterwards. Fails where the target does something else. */
export async function checkItem(item: Item, target: Target): Promise<void> {
  const name = `${target.prefix}-${item.number}`;
  const asker = createAsker(target.transport, { ...target, namespace: name });
  const path = `/api/v1/namespaces/${name}`;
  await asker.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  try {
    if (target.has.includes("controllers")) {
      await asker.until(`${path}/configmaps/kube-root-ca.crt`, (object: Json) => object !== undefined);
    }
    await item.check(asker);
  } finally {
    await asker.ask("DELETE", path);
  }
}
