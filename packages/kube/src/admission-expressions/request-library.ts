import type { Environment } from "@marcbachmann/cel-js";

/** What `request` is in an expression: an AdmissionRequest without its objects, which have variables of their own. */
export interface RequestFields {
  readonly kind: Readonly<Record<"group" | "version" | "kind", string>>;
  readonly resource: Readonly<Record<"group" | "version" | "resource", string>>;
  readonly requestKind: Readonly<Record<"group" | "version" | "kind", string>>;
  readonly requestResource: Readonly<Record<"group" | "version" | "resource", string>>;
  readonly subResource: string;
  readonly requestSubResource: string;
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  readonly userInfo: {
    readonly username: string;
    readonly uid: string;
    readonly groups: readonly string[];
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
  readonly dryRun: boolean;
  readonly options: unknown;
}

/** The library tells types by their class, and reads fields as properties. */
class Fields {
  constructor(fields: object) {
    Object.assign(this, fields);
  }
  toJSON(): object {
    return Object.fromEntries(Object.entries(this));
  }
}
class GroupVersionKind extends Fields {}
class GroupVersionResource extends Fields {}
class UserInfo extends Fields {}
class AdmissionRequestValue extends Fields {}

/** The value that `request` has in an expression. */
export function requestValue(fields: RequestFields): unknown {
  return new AdmissionRequestValue({
    ...fields,
    kind: new GroupVersionKind(fields.kind),
    resource: new GroupVersionResource(fields.resource),
    requestKind: new GroupVersionKind(fields.requestKind),
    requestResource: new GroupVersionResource(fields.requestResource),
    userInfo: new UserInfo({ ...fields.userInfo, extra: new Map(Object.entries(fields.userInfo.extra)) }),
  });
}

/** The types of `request` (https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/cel/compile.go). */
export function registerRequest(environment: Environment): void {
  const [kind, resource] = ["kubernetes.GroupVersionKind", "kubernetes.GroupVersionResource"];
  environment
    .registerType(kind, {
      ctor: GroupVersionKind,
      fields: { group: "string", version: "string", kind: "string" },
    })
    .registerType(resource, {
      ctor: GroupVersionResource,
      fields: { group: "string", version: "string", resource: "string" },
    })
    .registerType("kubernetes.UserInfo", {
      ctor: UserInfo,
      fields: {
        username: "string",
        uid: "string",
        groups: "list<string>",
        extra: "map<string, list<string>>",
      },
    })
    .registerType("kubernetes.AdmissionRequest", {
      ctor: AdmissionRequestValue,
      fields: {
        kind,
        resource,
        subResource: "string",
        requestKind: kind,
        requestResource: resource,
        requestSubResource: "string",
        name: "string",
        namespace: "string",
        operation: "string",
        userInfo: "kubernetes.UserInfo",
        dryRun: "bool",
        options: "dyn",
      },
    })
    .registerVariable("request", "kubernetes.AdmissionRequest");
}
