import type { Environment } from "@marcbachmann/cel-js";

/** What an expression asks an authorizer: for whom, or for the one who makes the request. */
export interface AccessQuestion {
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  /** A path that is no object; the rest says which object otherwise. */
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Answers such a question. */
export type AskAccess = (question: AccessQuestion) => { readonly allowed: boolean; readonly reason: string };

type Asked = Omit<AccessQuestion, "verb">;

const anything: Asked = { group: "", resource: "", subresource: "", namespace: "", name: "" };

/** What `authorizer` is in an expression. `requestResource` is what the request is about. */
export class AccessAuthorizer {
  readonly ask: AskAccess;
  readonly asked: Asked;
  readonly requestResource: ResourceCheck;

  constructor(ask: AskAccess, requestResource: Partial<Asked>, asked: Asked = anything) {
    this.ask = ask;
    this.asked = asked;
    this.requestResource = new ResourceCheck(ask, { ...anything, ...requestResource });
  }
}

class Check {
  readonly ask: AskAccess;
  readonly asked: Asked;

  constructor(ask: AskAccess, asked: Asked) {
    this.ask = ask;
    this.asked = asked;
  }
}
class PathCheck extends Check {}
class GroupCheck extends Check {}
class ResourceCheck extends Check {}

class Decision {
  readonly allowed: boolean;
  readonly reason: string;

  constructor({ allowed, reason }: ReturnType<AskAccess>) {
    this.allowed = allowed;
    this.reason = reason;
  }
}

/**
 * Kubernetes' library of authorization, without selectors of fields and labels, which roles do not know.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/authz.go
 */
export function registerAccess(environment: Environment): void {
  const prefix = "kubernetes.authorization.";
  const name = (type: string) => `${prefix}${type}`;
  const [authorizer, path, group, resource, decision] = [
    name("Authorizer"),
    name("PathCheck"),
    name("GroupCheck"),
    name("ResourceCheck"),
    name("Decision"),
  ];
  const decide = ({ ask, asked }: Check, verb: string) => new Decision(ask({ ...asked, verb }));
  const narrowed = (field: keyof Asked) => (check: Check, value: string) =>
    new ResourceCheck(check.ask, { ...check.asked, [field]: value });
  environment
    .registerType(path, { ctor: PathCheck, fields: {} })
    .registerType(group, { ctor: GroupCheck, fields: {} })
    .registerType(resource, { ctor: ResourceCheck, fields: {} })
    .registerType(decision, { ctor: Decision, fields: {} })
    .registerType(authorizer, { ctor: AccessAuthorizer, fields: { requestResource: resource } })
    .registerFunction(
      `${authorizer}.path(string): ${path}`,
      ({ ask, asked }: AccessAuthorizer, of: string) => {
        if (of === "") throw new TypeError("path must not be empty");
        return new PathCheck(ask, { ...asked, path: of });
      },
    )
    .registerFunction(
      `${authorizer}.group(string): ${group}`,
      ({ ask, asked }: AccessAuthorizer, of: string) => new GroupCheck(ask, { ...asked, group: of }),
    )
    .registerFunction(
      `${authorizer}.serviceAccount(string, string): ${authorizer}`,
      ({ ask, asked, requestResource }: AccessAuthorizer, namespace: string, account: string) =>
        new AccessAuthorizer(ask, requestResource.asked, {
          ...asked,
          serviceAccount: { namespace, name: account },
        }),
    )
    .registerFunction(`${group}.resource(string): ${resource}`, narrowed("resource"))
    .registerFunction(`${resource}.subresource(string): ${resource}`, narrowed("subresource"))
    .registerFunction(`${resource}.namespace(string): ${resource}`, narrowed("namespace"))
    .registerFunction(`${resource}.name(string): ${resource}`, narrowed("name"))
    .registerFunction(`${path}.check(string): ${decision}`, decide)
    .registerFunction(`${resource}.check(string): ${decision}`, decide)
    .registerFunction(`${decision}.allowed(): bool`, ({ allowed }: Decision) => allowed)
    .registerFunction(`${decision}.reason(): string`, ({ reason }: Decision) => reason)
    .registerFunction(`${decision}.errored(): bool`, () => false)
    .registerFunction(`${decision}.error(): string`, () => "");
}
