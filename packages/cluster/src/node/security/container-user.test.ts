import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "@seaworthy/kube";
import { containerUser } from "./container-user.ts";

const files = {
  passwd: "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1001:Node:/home/node:/bin/sh\n",
  group: "root:x:0:\naudio:x:29:node,sync\nstaff:x:50:\n",
};

function userOf(
  ofPod: NonNullable<Pod["spec"]["securityContext"]>,
  ofContainer: NonNullable<Container["securityContext"]> = {},
  image?: string,
) {
  const container = { name: "web", securityContext: ofContainer };
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { securityContext: ofPod, containers: [container] },
  };
  return containerUser(pod, container, image, () => files);
}

test("is whom the container names, else the pod, else the image; nobody says nobody", () => {
  assert.equal(userOf({}), undefined);
  assert.equal(userOf({ runAsUser: 5 }, { runAsUser: 6 }, "7")?.uid, 6);
  assert.equal(userOf({ runAsUser: 5 }, {}, "7")?.uid, 5);
  assert.equal(userOf({}, {}, "7")?.uid, 7);
  assert.equal(userOf({ runAsGroup: 9 })?.uid, 0);
});

test("has the group, the home and further groups of its account", () => {
  assert.deepEqual(userOf({}, {}, "node"), { uid: 1000, gid: 1001, groups: [29], home: "/home/node" });
  assert.deepEqual(userOf({ runAsUser: 1000, runAsGroup: 3, fsGroup: 4, supplementalGroups: [5, 29] }), {
    uid: 1000,
    gid: 3,
    groups: [4, 5, 29],
    home: "/home/node",
  });
  assert.deepEqual(userOf({ runAsUser: 1000, supplementalGroupsPolicy: "Strict" })?.groups, []);
  assert.deepEqual(userOf({ runAsUser: 12345 }), { uid: 12345, gid: 0, groups: [], home: "/" });
  assert.deepEqual(userOf({ fsGroup: 4 }), { uid: 0, gid: 0, groups: [4], home: "/root" });
});

test("a USER may name its group, which runAsUser leaves out and runAsGroup replaces", () => {
  assert.equal(userOf({}, {}, "node:staff")?.gid, 50);
  assert.equal(userOf({}, {}, "12345:77")?.gid, 77);
  assert.equal(userOf({ runAsUser: 1000 }, {}, "node:staff")?.gid, 1001);
  assert.equal(userOf({ runAsGroup: 8 }, {}, "node:staff")?.gid, 8);
  assert.throws(() => userOf({}, {}, "nobody-knows"), {
    message: "unable to find user nobody-knows: no matching entries in passwd file",
  });
  assert.throws(() => userOf({}, {}, "node:no-group"), {
    message: "unable to find group no-group: no matching entries in group file",
  });
});
