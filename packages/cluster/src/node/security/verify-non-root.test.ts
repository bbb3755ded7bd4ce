import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@seaworthy/kube";
import { verifyNonRoot } from "./verify-non-root.ts";

const where = '(pod: "p_default(1)", container: web)';
const podWith = (securityContext: NonNullable<Pod["spec"]["securityContext"]>): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "default", uid: "1" },
  spec: { securityContext, containers: [] },
});
const web = { name: "web", image: "web" };

test("refuses what would run as root, or perhaps as root", () => {
  const pod = podWith({ runAsNonRoot: true });
  const cases: [string, string][] = [
    ["0", `container has runAsNonRoot and image will run as root ${where}`],
    ["0:5", `container has runAsNonRoot and image will run as root ${where}`],
    [
      "node:node",
      `container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root ${where}`,
    ],
  ];
  for (const [user, message] of cases)
    assert.throws(() => verifyNonRoot(pod, web, user), { name: "ContainerConfigError", message });
  assert.throws(() => verifyNonRoot(podWith({ runAsNonRoot: true, runAsUser: 0 }), web, "1000"), {
    message: `container's runAsUser breaks non-root policy ${where}`,
  });
});

test("goes by the container before the pod, and by the pod before the image", () => {
  verifyNonRoot(podWith({ runAsNonRoot: true }), web, "1000:0");
  verifyNonRoot(podWith({ runAsNonRoot: true, runAsUser: 7 }), web, "node");
  verifyNonRoot(podWith({ runAsNonRoot: true }), { ...web, securityContext: { runAsNonRoot: false } }, "0");
  verifyNonRoot(podWith({ runAsUser: 0 }), web, "0");
  verifyNonRoot(podWith({ runAsNonRoot: true }), web, undefined);
  assert.throws(() =>
    verifyNonRoot(
      podWith({ runAsUser: 7 }),
      { ...web, securityContext: { runAsNonRoot: true, runAsUser: 0 } },
      "7",
    ),
  );
});
