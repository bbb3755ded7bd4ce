import assert from "node:assert/strict";
import type { Asker, Json } from "../asker.ts";
import type { Item } from "../item.ts";
import { configMap, deployment, service, unscheduledPod } from "../objects.ts";

/** How objects go, and who goes with them. */
export const deletionItems: readonly Item[] = [
  {
    number: 17,
    title: "an object with finalizers stays, marked, until the last one is gone, and takes no new ones",
    async check({ namespace, ask, create, remove, patch, get }) {
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      const body = configMap("held");
      await create(path, {
        ...body,
        metadata: { ...body.metadata, finalizers: ["example.com/a", "example.com/b"] },
      });
      await remove(`${path}/held`);
      const held = await get(`${path}/held`);
      assert.match(held.metadata.deletionTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal(held.metadata.deletionGracePeriodSeconds, 0);
      const more = { metadata: { finalizers: ["example.com/a", "example.com/b", "example.com/c"] } };
      const refused = await ask("PATCH", `${path}/held`, {
        body: more,
        contentType: "application/merge-patch+json",
      });
      assert.equal(refused.code, 422);
      assert.match(
        refused.json.message,
        /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"example\.com\/c"\}$/,
      );
      await patch(`${path}/held`, "merge-patch+json", { metadata: { finalizers: ["example.com/a"] } });
      await get(`${path}/held`);
      await patch(`${path}/held`, "merge-patch+json", { metadata: { finalizers: null } });
      assert.equal((await ask("GET", `${path}/held`)).code, 404);
    },
  },
  {
    number: 18,
    title: "a Deployment that is deleted in the background takes its ReplicaSet and pods with it",
    needs: ["controllers"],
    async check(asker) {
      const { replicaSet, pod } = await rollOut(asker, "background");
      await asker.remove(deployments(asker, "background"), deleteOptions("Background"));
      assert.equal((await asker.ask("GET", deployments(asker, "background"))).code, 404);
      await asker.until(replicaSet, (object) => object === undefined);
      await asker.until(pod, (object) => object === undefined);
    },
  },
  {
    number: 19,
    title: "a Deployment that is deleted in the foreground goes last",
    needs: ["controllers"],
    async check(asker) {
      const { replicaSet, pod } = await rollOut(asker, "foreground");
      const path = `/apis/apps/v1/namespaces/${asker.namespace}/deployments`;
      const { metadata } = await asker.get(path);
      await using events = await asker.watch(path, { resourceVersion: metadata.resourceVersion });
      await asker.remove(`${path}/foreground`, deleteOptions("Foreground"));
      const marked = await events.until(({ object }) => object.metadata.deletionTimestamp !== undefined);
      assert.ok(marked.at(-1)?.object.metadata.finalizers.includes("foregroundDeletion"));
      await events.until(({ type }) => type === "DELETED");
      assert.equal((await asker.ask("GET", replicaSet)).code, 404);
      assert.equal((await asker.ask("GET", pod)).code, 404);
    },
  },
  {
    number: 20,
    title: "a Deployment that is deleted as an orphan leaves its ReplicaSet, without an owner",
    needs: ["controllers"],
    async check(asker) {
      const { replicaSet } = await rollOut(asker, "orphan");
      await asker.remove(deployments(asker, "orphan"), deleteOptions("Orphan"));
      await asker.until(deployments(asker, "orphan"), (object) => object === undefined);
      const left = await asker.get(replicaSet);
      assert.deepEqual([left.metadata.ownerReferences, left.spec.replicas], [undefined, 1]);
      await asker.remove(replicaSet, deleteOptions("Background"));
    },
  },
  {
    number: 21,
    title:
      "an object with two owners outlives one; an owner of the same name with another UID does not save it; a cycle blocks nothing",
    needs: ["controllers"],
    async check(asker) {
      const path = `/api/v1/namespaces/${asker.namespace}/configmaps`;
      const [one, two] = [
        await asker.create(path, configMap("one")),
        await asker.create(path, configMap("two")),
      ];
      await asker.create(path, ownedBy("both", one, two));
      await asker.create(path, ownedBy("single", one));
      await asker.remove(`${path}/one`, deleteOptions("Background"));
      await asker.create(path, configMap("one"));
      await asker.until(`${path}/single`, (object) => object === undefined);
      const both = await asker.until(
        `${path}/both`,
        (object) => object === undefined || object.metadata.ownerReferences.length === 1,
      );
      assert.equal(both?.metadata.ownerReferences[0].name, "two");
      const left = await asker.create(path, configMap("left"));
      const right = await asker.create(path, ownedBy("right", left));
      await asker.patch(`${path}/left`, "merge-patch+json", {
        metadata: { ownerReferences: ownedBy("", right).metadata.ownerReferences },
      });
      await asker.remove(`${path}/left`, deleteOptions("Background"));
      await asker.until(`${path}/right`, (object) => object === undefined);
    },
  },
  {
    number: 22,
    title: "a namespace that is deleted takes what is in it with it, and takes nothing new meanwhile",
    needs: ["controllers"],
    async check({ namespace, image, ask, create, remove, until, patch }) {
      const name = `${namespace}-inner`;
      await create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
      const inner = `/api/v1/namespaces/${name}`;
      await until(`${inner}/serviceaccounts/default`, (object) => object !== undefined);
      await create(`${inner}/services`, service("web"));
      await create(`${inner}/pods`, unscheduledPod("web", image));
      const held = configMap("held");
      await create(`${inner}/configmaps`, {
        ...held,
        metadata: { ...held.metadata, finalizers: ["example.com/a"] },
      });
      await remove(inner);
      await until(inner, (object) =>
        object?.status.conditions?.some(
          ({ type, status }: Json) => type === "NamespaceFinalizersRemaining" && status === "True",
        ),
      );
      const late = await ask("POST", `${inner}/configmaps`, { body: configMap("late") });
      assert.deepEqual([late.code, late.json.reason], [403, "Forbidden"]);
      assert.equal(late.json.details.causes[0].reason, "NamespaceTerminating");
      assert.equal(
        late.json.message,
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
      await patch(`${inner}/configmaps/held`, "merge-patch+json", { metadata: { finalizers: null } });
      await until(inner, (object) => object === undefined);
      assert.equal((await ask("GET", `${inner}/services/web`)).code, 404);
      const never = await ask("POST", `${inner}/configmaps`, { body: configMap("never") });
      assert.deepEqual([never.code, never.json.message], [404, `namespaces "${name}" not found`]);
    },
  },
];

function deployments({ namespace }: Asker, name: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}

function deleteOptions(propagationPolicy: string) {
  return { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
}

/** A Deployment, and where its ReplicaSet and its pod are. */
async function rollOut(asker: Asker, name: string): Promise<{ replicaSet: string; pod: string }> {
  const { namespace, image, create, until } = asker;
  await create(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment(name, image));
  const only = async (path: string) => {
    const selector = `${path}?labelSelector=app%3D${name}`;
    const [root = "", query = ""] = selector.split("?");
    const found = await untilListed(asker, root, query);
    return `${root}/${found}`;
  };
  const replicaSet = await only(`/apis/apps/v1/namespaces/${namespace}/replicasets`);
  const pod = await only(`/api/v1/namespaces/${namespace}/pods`);
  await until(replicaSet, (object) => object?.status.replicas === 1);
  return { replicaSet, pod };
}

async function untilListed({ watch }: Asker, path: string, query: string): Promise<string> {
  await using events = await watch(path, Object.fromEntries(new URLSearchParams(query)));
  return (await events.next())?.object.metadata.name as string;
}

function ownedBy(name: string, ...owners: readonly Json[]) {
  const ownerReferences = owners.map(({ apiVersion, kind, metadata }) => ({
    apiVersion: apiVersion ?? "v1",
    kind: kind ?? "ConfigMap",
    name: metadata.name,
    uid: metadata.uid,
  }));
  const body = configMap(name);
  return { ...body, metadata: { ...body.metadata, ownerReferences } };
}
