import assert from "node:assert/strict";
import { test } from "node:test";
import { privilegeWords } from "./privilege-words.ts";

const rest = { capabilities: "all", noNewPrivileges: false, readsAllFiles: false } as const;

test("nothing is said of what nothing is asked of", () => {
  assert.deepEqual(privilegeWords(undefined), []);
  assert.deepEqual(privilegeWords(rest), []);
});

test("a user has its groups and no others", () => {
  const words = (groups: number[]) => privilegeWords({ ...rest, user: { uid: 1, gid: 2, groups } }).join(" ");
  assert.equal(words([]), "--reuid 1 --regid 2 --clear-groups");
  assert.equal(words([3, 4]), "--reuid 1 --regid 2 --groups 3,4");
});

test("who may read all files keeps that one capability, also where all are dropped", () => {
  const words = privilegeWords({ capabilities: [], noNewPrivileges: true, readsAllFiles: true });
  assert.deepEqual(words, [
    "--bounding-set",
    "-all,+dac_read_search",
    "--inh-caps",
    "+dac_read_search",
    "--ambient-caps",
    "+dac_read_search",
    "--no-new-privs",
  ]);
});
