import type { Change } from "@seaworthy/client";
import { type Kinds, type KubeObject, type ServedType, typePath } from "@seaworthy/kube";
import type { Informers } from "./informers.ts";
import type { Due, Watch } from "./start-reconciler.ts";

/**
 * Watches every kind that is served and `wanted`, also those that come later. `keysOf` tells which keys a change concerns.
 */
export function watchEvery(
  { kinds, informers }: { readonly kinds: Kinds; readonly informers: Informers },
  wanted: (type: ServedType) => boolean,
  keysOf: (type: ServedType, change: Change<KubeObject>) => Iterable<Due>,
): Watch {
  const types = () => kinds.preferred().filter(wanted);
  return {
    synced: Promise.all(types().map((type) => informers.of(type).synced)).then(() => {}),
    subscribe(add) {
      const watched = new Map<string, { readonly type: ServedType; readonly unsubscribe: () => void }>();
      const watchOne = (type: ServedType) =>
        informers.of(type).onChange((change) => {
          for (const due of keysOf(type, change)) add(due);
        });
      const follow = () => {
        const served = new Map(types().map((type) => [typePath(type), type]));
        for (const [path, { type, unsubscribe }] of watched) {
          if (served.has(path)) continue;
          unsubscribe();
          watched.delete(path);
          void informers.end(type);
        }
        for (const [path, type] of served)
          if (!watched.has(path)) watched.set(path, { type, unsubscribe: watchOne(type) });
      };
      follow();
      const unfollow = kinds.onChange(follow);
      return () => {
        unfollow();
        for (const { unsubscribe } of watched.values()) unsubscribe();
      };
    },
  };
}
