import type { Pod, Volume } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { wait } from "../../wait.ts";
import { setUpVolumes, type VolumeSources } from "./volumes.ts";

/** A token is replaced when so much of its time is over, and each day. */
const share = 0.8;
const longestMs = 24 * 3_600_000;
/** When it could not be had. */
const retryMs = 10_000;

/**
 * Writes the volumes of a pod that hold tokens anew before the tokens end, until `ended` resolves; `hasEnded` says that it
 * has (k8s.io/kubernetes/pkg/kubelet/token/token_manager.go).
 */
export async function keepTokens(
  pod: Pod,
  podDir: string,
  sources: VolumeSources,
  {
    clock,
    ended,
    hasEnded,
  }: { readonly clock: Clock; readonly ended: Promise<unknown>; hasEnded(): boolean },
): Promise<void> {
  const keep = async (volume: Volume) => {
    let waitMs = lifetimeMs(volume) * share;
    while (!hasEnded()) {
      await wait(clock, Math.min(waitMs, longestMs), ended);
      if (hasEnded()) return;
      const only = { ...pod, spec: { ...pod.spec, volumes: [volume] } };
      waitMs = await setUpVolumes(only, podDir, sources).then(
        () => lifetimeMs(volume) * share,
        () => retryMs,
      );
    }
  };
  await Promise.all((pod.spec.volumes ?? []).filter((volume) => lifetimeMs(volume) < Infinity).map(keep));
}

/** How long the token of a volume is good that is good for the shortest time; infinite without one. */
function lifetimeMs({ projected }: Volume): number {
  const seconds = (projected?.sources ?? []).map(({ serviceAccountToken: token }) =>
    token === undefined ? Infinity : (token.expirationSeconds ?? 3600),
  );
  return Math.min(...seconds) * 1000;
}
