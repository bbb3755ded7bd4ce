import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { checkCorpusFile } from "../../bench/check/check-corpus-file.ts";
import { readCorpus } from "../../bench/check/read-corpus.ts";

for (const each of readCorpus("clean"))
  test(`nothing is wrong with ${basename(each.file)}`, async () => {
    assert.deepEqual(await checkCorpusFile(each), []);
  });

for (const each of readCorpus("faulty"))
  test(`what is marked in ${basename(each.file)} is found, and nothing else`, async () => {
    assert.notDeepEqual(each.expected, []);
    assert.deepEqual(await checkCorpusFile(each), each.expected);
  });
