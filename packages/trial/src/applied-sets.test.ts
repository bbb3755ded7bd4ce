import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeClient } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import type { Applied } from "@seaworthy/release";
import { createAppliedSets } from "./applied-sets.ts";

const secret = (name: string, action: Applied["action"], uid: string): Applied => ({
  type: resourceTypes.secrets,
  namespace: "default",
  name,
  uid,
  action,
});

test("what was there before the trial is never deleted, and what it made is, with the uid of its latest making", async () => {
  const deleted: string[] = [];
  const client = {
    delete: async (_type: unknown, _namespace: unknown, name: string, options: { uid?: string }) =>
      void deleted.push(`${name} ${options.uid}`),
  } as unknown as KubeClient;
  const rounds = [
    [secret("mine", "created", "1"), secret("theirs", "configured", "2")],
    [secret("mine", "unchanged", "1"), secret("late", "created", "3")],
    // Somebody deleted both meanwhile.
    [secret("mine", "created", "4"), secret("theirs", "created", "5")],
  ];
  const sets = createAppliedSets(client, async () => rounds.shift() ?? []);
  const first = await sets.apply([]);
  await sets.apply([]);
  await sets.apply([]);
  assert.deepEqual(
    (await sets.remove(first)).map(({ name }) => name),
    ["theirs"],
  );
  assert.deepEqual(deleted.splice(0), ["mine 4"]);
  await sets.removeAll();
  assert.deepEqual(deleted.toSorted(), ["late 3", "mine 4"]);
});
