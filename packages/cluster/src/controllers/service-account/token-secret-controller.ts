import type { ClusterSigner } from "../../cluster-signer.ts";
import { resourceTypes, type KubeObject, type Secret } from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";

const tokenType = "kubernetes.io/service-account-token";
const nameKey = "kubernetes.io/service-account.name";
const uidKey = "kubernetes.io/service-account.uid";

/**
 * Fills Secrets that are to hold a token of a ServiceAccount, and deletes them when it is gone
 * (k8s.io/kubernetes/pkg/controller/serviceaccount/tokens_controller.go).
 */
export async function startTokenSecretController(
  context: ControllerContext,
  signer: ClusterSigner,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const secrets = informers.of<Secret>(resourceTypes.secrets);
  const accounts = informers.of<KubeObject>(resourceTypes.serviceaccounts);

  function accountOf({ metadata }: Secret): KubeObject | undefined {
    const account = accounts.get(metadata.namespace, metadata.annotations?.[nameKey] ?? "");
    const uid = metadata.annotations?.[uidKey] ?? "";
    // One of the same name that was made later is another.
    return uid === "" || uid === account?.metadata.uid ? account : undefined;
  }

  return await startReconciler(context, {
    name: "tokens-controller",
    watches: [
      watch(secrets, ({ type, object }) =>
        type !== "deleted" && object.type === tokenType ? [keyOf(object)] : [],
      ),
      watch(accounts, ({ object: { metadata } }) =>
        secrets
          .list()
          .filter((secret) => secret.type === tokenType && secret.metadata.namespace === metadata.namespace)
          .filter((secret) => secret.metadata.annotations?.[nameKey] === metadata.name)
          .map(keyOf),
      ),
    ],
    async sync(key) {
      const { namespace, name } = splitKey(key);
      const secret = secrets.get(namespace, name);
      if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return;
      const account = accountOf(secret);
      if (account === undefined) {
        const { uid } = secret.metadata;
        await client
          .delete(resourceTypes.secrets, namespace, name, uid === undefined ? {} : { uid })
          .catch(unlessNotFound);
        return;
      }
      const filled = fill(secret, account, signer);
      if (filled !== undefined)
        await client.update<Secret>(resourceTypes.secrets, filled).catch(unlessNotFound);
    },
  });
}

/** The Secret with what it lacks; undefined when it lacks nothing. A token that is there is kept. */
function fill(
  secret: Secret,
  account: KubeObject,
  { authority, issueForSecret }: ClusterSigner,
): Secret | undefined {
  const { data = {}, metadata } = secret;
  const wanted = {
    "ca.crt": encode(authority.cert),
    namespace: encode(metadata.namespace ?? ""),
    token: data["token"] ?? encode(issueForSecret(account, secret)),
  };
  const uid = account.metadata.uid ?? "";
  const isFilled =
    metadata.annotations?.[uidKey] === uid &&
    Object.entries(wanted).every(([field, value]) => data[field] === value);
  if (isFilled) return undefined;
  return {
    ...secret,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [uidKey]: uid } },
    data: { ...data, ...wanted },
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
