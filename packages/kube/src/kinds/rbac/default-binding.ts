import { objectIn, whenEmpty } from "../../defaults/fill-in.ts";
import { isJsonObject, type JsonObject } from "../../patch/json-value.ts";

/** SetDefaults_RoleBinding and SetDefaults_Subject: roles, users and groups are of the group of RBAC itself. */
export function defaultBinding(binding: JsonObject): void {
  whenEmpty(objectIn(binding, "roleRef"), "apiGroup", rbac);
  for (const subject of Array.isArray(binding["subjects"]) ? binding["subjects"] : []) {
    if (isJsonObject(subject) && (subject["kind"] === "User" || subject["kind"] === "Group"))
      whenEmpty(subject, "apiGroup", rbac);
  }
}

const rbac = "rbac.authorization.k8s.io";
