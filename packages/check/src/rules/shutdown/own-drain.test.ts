import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "../../objects/object-set.ts";
import { drainingPrograms, ownDrainSeconds } from "./own-drain.ts";

/** How long a container serves on, with a ConfigMap that holds a file, and an annotation of its pod. */
function drainOf(
  container: Readonly<Record<string, unknown>>,
  { file = "", annotation = "" }: { readonly file?: string; readonly annotation?: string } = {},
): number {
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "config" }, data: { file } };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "app", annotations: { "proxy.istio.io/config": annotation } },
    spec: {
      containers: [{ name: "app", volumeMounts: [{ name: "config", mountPath: "/etc/app" }], ...container }],
      volumes: [{ name: "config", projected: { sources: [{ configMap: { name: "config" } }] } }],
    },
  };
  const set = createObjectSet([map, pod].flatMap((each) => parseManifests("a.yaml", JSON.stringify(each))));
  const [source] = set.pods;
  return ownDrainSeconds(source!.containers[0]!, source!, set);
}

test("each of these programs says how long it serves on", () => {
  const istio = { annotation: "terminationDrainDuration: 30s" };
  const said: readonly (readonly [seconds: number, ...Parameters<typeof drainOf>])[] = [
    [7, {}, { file: ".:53 {\n  health {\n    lameduck 7s\n  }\n}" }],
    [5, { args: ["--entrypoints.web.transport.lifecycle.requestacceptgracetimeout=5"] }],
    [
      5,
      {
        env: [{ name: "TRAEFIK_ENTRYPOINTS_WEB_TRANSPORT_LIFECYCLE_REQUESTACCEPTGRACETIMEOUT", value: "5s" }],
      },
    ],
    [5, {}, { file: '[entryPoints.web.transport.lifeCycle]\n  requestAcceptGraceTimeout = "5s"' }],
    [70, { command: ["sh", "-c", "exec kube-apiserver --shutdown-delay-duration 1m10s"] }],
    [90, { args: ["-target=distributor", "-shutdown-delay=90s"] }],
    [90, {}, { file: "shutdown_delay: 1m30s" }],
    [20, { args: ["/nginx-ingress-controller", "--shutdown-grace-period=20"] }],
    [10, { args: ["run", "--server", "--shutdown-wait-period=10"] }],
    [45, { args: ["skipper", "-wait-for-healthcheck-interval=45s"] }],
    [10, {}, { file: "global\n  grace 10s\n" }],
    [5, { name: "istio-proxy", args: ["proxy", "router"] }],
    [30, { name: "istio-proxy", args: ["proxy", "router"] }, istio],
  ];
  for (const [seconds, ...shown] of said) assert.equal(drainOf(...shown), seconds, JSON.stringify(shown));
  assert.equal(new Set(drainingPrograms.map(({ says }) => says.source)).size, drainingPrograms.length);
});

test("the first of several entry points that closes is the one that counts", () => {
  const flag = (name: string, time: string) =>
    `--entryPoints.${name}.transport.lifeCycle.requestAcceptGraceTimeout=${time}`;
  assert.equal(drainOf({ args: [flag("web", "10s"), flag("websecure", "2s")] }), 2);
});

test("what says no such thing, or says it of others, is no drain", () => {
  const said: readonly Parameters<typeof drainOf>[] = [
    [{ args: ["--entryPoints.web.transport.lifeCycle.graceTimeOut=30s"] }],
    [{ args: ["serve", "--shutdown-grace-period=30"] }],
    [{ args: ["--drain-time-s", "45"] }],
    [{}, { file: "global\n  hard-stop-after 30s\n" }],
    [{}, { file: "  # lameduck 5s\n#shutdown_delay: 90s" }],
    // Of the proxy that is put in beside it, not of the app.
    [{}, { annotation: "terminationDrainDuration: 30s" }],
    // Mounted by nobody.
    [{ volumeMounts: [] }, { file: "lameduck 5s" }],
  ];
  for (const shown of said) assert.equal(drainOf(...shown), 0, JSON.stringify(shown));
});
