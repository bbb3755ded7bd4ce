import { timestamp, type KubeObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { keyOf, type Resources } from "../resource.ts";
import { generateUid } from "../verbs/create-object.ts";
import policy from "./bootstrap-policy.generated.json" with { type: "json" };

/**
 * Puts the roles and bindings into the store that every API server begins with, as far as they are not there. They are
 * those of the real one; `node bench/ask-real/roles.ts` asks it for them.
 * https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go
 */
export function writeBootstrapPolicy(context: ApiContext & { readonly resources: Resources }): void {
  const { store, clock, random, resources } = context;
  for (const { kind, name, namespace, labels, ...content } of policy as readonly Entry[]) {
    const resource = resources.find(group, version, `${kind.toLowerCase()}s`);
    const key = keyOf(namespace, name);
    // A server may be told to serve less.
    if (resource === undefined || store.get(resource.collection, key) !== undefined) continue;
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: generateUid(random),
      creationTimestamp: timestamp(clock.now()),
      labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
      annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
    };
    const object: KubeObject = { kind, apiVersion: `${group}/${version}`, metadata, ...content };
    store.put(resource.collection, key, object);
  }
}

const group = "rbac.authorization.k8s.io";
const version = "v1";

interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}
