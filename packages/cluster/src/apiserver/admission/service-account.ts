import type { KubeObject, Pod, Volume } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";
import { mountedTokenSeconds } from "../service-accounts/request-token.ts";
import { nameSuffix } from "../verbs/create-object.ts";

/** A ServiceAccount, as far as pods take something from it. */
interface ServiceAccount extends KubeObject {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

const volumePrefix = "kube-api-access-";
const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The admission plugin ServiceAccount: a pod runs as one, which must be there, and finds its token in every container.
 * https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/admission/serviceaccount/admission.go
 */
export function admitServiceAccount(pod: Pod, context: ApiContext): void {
  const { spec, metadata } = pod;
  // The old name of the field, which is kept beside it.
  const name =
    [spec.serviceAccountName, spec.serviceAccount].find((given) => (given ?? "") !== "") ?? "default";
  Object.assign(spec, { serviceAccountName: name, serviceAccount: name });
  const account = findAccount(metadata.namespace ?? "", name, pod, context);
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
    mountToken(pod, context);
  const pullSecrets = account.imagePullSecrets ?? [];
  if ((spec.imagePullSecrets ?? []).length === 0 && pullSecrets.length > 0)
    spec.imagePullSecrets = pullSecrets.map(({ name = "" }) => ({ name }));
}

function findAccount(namespace: string, name: string, pod: Pod, { store }: ApiContext): ServiceAccount {
  const stored = store.get("/serviceaccounts", `${namespace}/${name}`);
  if (stored !== undefined) return stored.object;
  // A controller makes it for each namespace, at times a moment after the first pod. Kubernetes waits for it; here
  // it is taken for what it will be.
  if (name === "default") return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
  const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
  throw forbidden({ group: "", plural: "pods", kind: "Pod" }, pod.metadata.name, why);
}

function mountToken({ spec }: Pod, { random }: ApiContext): void {
  const present = spec.volumes?.find(({ name: own = "" }: Partial<Volume>) => own.startsWith(volumePrefix));
  const name = present?.name ?? volumePrefix + nameSuffix(random);
  let isMounted = false;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const mounts = container.volumeMounts ?? [];
    // Who mounts something else there wants no token.
    if (mounts.some((mount) => mount.mountPath === mountPath)) continue;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath }];
    isMounted = true;
  }
  if (present === undefined && isMounted) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: mountedTokenSeconds, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
      defaultMode: 0o644,
    },
  };
}
