import assert from "node:assert/strict";
import { test } from "node:test";
import { validateCreate } from "../../validate.ts";
import { secretKind } from "./secret-kind.ts";
import { veilSecret } from "./veil-secret.ts";

test("a veiled Secret has its keys and none of its values, and is as valid as before", () => {
  const login = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "login", namespace: "shop" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
  };
  const veiled = veilSecret(login);
  assert.deepEqual(veiled, { ...login, data: { ".dockerconfigjson": "e30=" } });
  assert.deepEqual(validateCreate(veiled, secretKind), []);
});
