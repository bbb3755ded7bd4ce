import type { KubeObject } from "../../object.ts";
import { listAt, textAt } from "../columns/value-at.ts";

/** The subjects of a binding that are of one kind, ServiceAccounts with their namespaces. */
export function subjectsOf(object: KubeObject, kind: "User" | "Group" | "ServiceAccount"): string {
  return listAt(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => {
      const name = textAt(subject, "name");
      return kind === "ServiceAccount" ? `${textAt(subject, "namespace")}/${name}` : name;
    })
    .join(", ");
}
