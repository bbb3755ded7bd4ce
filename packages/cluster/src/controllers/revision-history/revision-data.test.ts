import assert from "node:assert/strict";
import { test } from "node:test";
import { revisionData, revisionHash } from "./revision-data.ts";

test("a revision has the hash that Kubernetes gives it", () => {
  const template = {
    metadata: { labels: { app: "web" } },
    spec: {
      containers: [
        {
          image: "registry.k8s.io/pause:3.10",
          imagePullPolicy: "IfNotPresent",
          name: "main",
          resources: {},
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
        },
      ],
      dnsPolicy: "ClusterFirst",
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      securityContext: {},
      terminationGracePeriodSeconds: 1,
    },
  };
  assert.equal(revisionHash(revisionData(template), 0), "664bdf686b");
});

test("the data of a revision is written in the order in which Go writes it", () => {
  const template = { spec: { restartPolicy: "Always", containers: [{ name: "a", image: "b" }] } };
  assert.equal(
    JSON.stringify(revisionData(template)),
    '{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"image":"b","name":"a"}],"restartPolicy":"Always"}}}}',
  );
});
