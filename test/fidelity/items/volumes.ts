import type { Item } from "../item.ts";
import { configMap } from "../objects.ts";

/** What pods see of the volumes and the variables that they are given. */
export const volumeItems: readonly Item[] = [
  {
    number: 71,
    title:
      "a ConfigMap's volume follows it, its sub path and variables do not; a missing one is waited for with CreateContainerConfigError",
    needs: ["controllers"],
    async check({ namespace, shellImage: image, create, patch, until }) {
      const core = `/api/v1/namespaces/${namespace}`;
      await create(`${core}/configmaps`, configMap("settings", { data: { colour: "red" } }));
      const script =
        'echo ready; until [ "$(cat /whole/colour)" = blue ]; do sleep 0.2; done; [ "$(cat /part)$COLOUR" = redred ]';
      const fromMap = (name: string) => ({ configMapKeyRef: { name, key: "colour" } });
      await create(`${core}/pods`, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "reader" },
        spec: {
          restartPolicy: "Never",
          containers: [
            {
              name: "main",
              image,
              command: ["sh", "-c", script],
              env: [{ name: "COLOUR", valueFrom: fromMap("settings") }],
              volumeMounts: [
                { name: "settings", mountPath: "/whole" },
                { name: "settings", mountPath: "/part", subPath: "colour" },
              ],
            },
          ],
          volumes: [{ name: "settings", configMap: { name: "settings" } }],
        },
      });
      await create(`${core}/pods`, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "waiting" },
        spec: {
          restartPolicy: "Never",
          containers: [
            {
              name: "main",
              image,
              command: ["sh", "-c", '[ "$COLOUR" = green ]'],
              env: [{ name: "COLOUR", valueFrom: fromMap("late") }],
            },
          ],
        },
      });
      const state = (pod: { status?: { containerStatuses?: readonly { state?: State }[] } } | undefined) =>
        pod?.status?.containerStatuses?.[0]?.state;
      await until(
        `${core}/pods/waiting`,
        (pod) =>
          state(pod)?.waiting?.reason === "CreateContainerConfigError" &&
          state(pod)?.waiting?.message === 'configmap "late" not found',
      );
      await create(`${core}/configmaps`, configMap("late", { data: { colour: "green" } }));
      await until(`${core}/pods/waiting`, (pod) => pod?.status?.phase === "Succeeded");
      await until(`${core}/pods/reader`, (pod) => state(pod)?.running !== undefined);
      await patch(`${core}/configmaps/settings`, "merge-patch+json", { data: { colour: "blue" } });
      await until(`${core}/pods/reader`, (pod) => pod?.status?.phase === "Succeeded");
    },
  },
];

interface State {
  readonly running?: object;
  readonly waiting?: { readonly reason?: string; readonly message?: string };
}
