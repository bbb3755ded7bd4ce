import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocuments, type KubeObject } from "@seaworthy/kube";
import { createObjectSet } from "../object-set.ts";
import { providerOf } from "./providers.ts";

const pod: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "shop" } };

function unreadable(text: string) {
  return createObjectSet([], { unreadable: parseDocuments("a.yaml", text).manifests });
}

test("a Role that cannot be read may make what it names", () => {
  for (const rules of [
    "{verbs: [create], resourceNames: [token]}",
    "[token]",
    "[null, {resourceNames: token}]",
  ]) {
    const set = unreadable(
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: shop}\nrules: ${rules}\n`,
    );
    assert.equal(providerOf("Secret", "token", pod, set)?.manifest.object.kind, "Role", rules);
    assert.equal(providerOf("Secret", "other", pod, set), undefined, rules);
  }
});

test("a Role of another group makes what it names anywhere, as custom kinds do", () => {
  const role =
    "apiVersion: db.example/v1\nkind: Role\nmetadata: {name: shop}\nspec: {secret: token}\nrules: [{apiGroups: [''], resources: secrets}]\n";
  const set = createObjectSet(parseDocuments("a.yaml", role).manifests);
  assert.equal(providerOf("Secret", "token", pod, set)?.manifest.object.kind, "Role");
});

test("an ExternalSecret with an entry that is none has the keys of the others", () => {
  const set = unreadable(
    "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: token}\nspec: {data: [null, {secretKey: a}]}\n",
  );
  assert.deepEqual(providerOf("Secret", "token", pod, set)?.keys, ["a"]);
});
