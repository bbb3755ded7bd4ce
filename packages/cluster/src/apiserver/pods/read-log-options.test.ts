import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "../http/status-error.ts";
import { readLogOptions } from "./read-log-options.ts";

const read = (query: string) => readLogOptions(new URLSearchParams(query), "one", 100_000);
const none = { previous: false, follow: false, timestamps: false };

test("options as clients write them", () => {
  assert.deepEqual(read(""), none);
  assert.deepEqual(read("follow=true&timestamps=1&previous="), {
    previous: true,
    follow: true,
    timestamps: true,
  });
  assert.deepEqual(read("follow=false&timestamps=0&previous=FALSE"), none);
  assert.deepEqual(read("tailLines=0&limitBytes=1&sinceSeconds=5"), {
    ...none,
    tailLines: 0,
    limitBytes: 1,
    sinceMs: 95_000,
  });
  assert.deepEqual(read("sinceTime=1970-01-01T00:00:01Z"), { ...none, sinceMs: 1000 });
  assert.deepEqual(read("sinceTime="), none);
});

// What Kubernetes v1.36.3 answers.
const refusals: readonly [query: string, code: number, message: string][] = [
  ["tailLines=x", 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
  ["tailLines=", 400, 'strconv.ParseInt: parsing "": invalid syntax'],
  [
    "limitBytes=99999999999999999999",
    400,
    'strconv.ParseInt: parsing "99999999999999999999": value out of range',
  ],
  ["sinceTime=2020-13-01T00:00:00Z", 400, 'parsing time "2020-13-01T00:00:00Z": month out of range'],
  [
    "tailLines=-1",
    422,
    'PodLogOptions "one" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    "sinceSeconds=0&sinceTime=2020-01-01T00:00:00Z",
    422,
    'PodLogOptions "one" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
  ],
  [
    "tailLines=-1&limitBytes=0&sinceSeconds=0&stream=x",
    422,
    'PodLogOptions "one" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0, sinceSeconds: Invalid value: 0: must be greater than 0, stream: Forbidden: may not be specified]',
  ],
];
for (const [query, code, message] of refusals)
  test(`${query} is refused`, () => {
    assert.throws(
      () => read(query),
      (error) => error instanceof StatusError && error.code === code && error.message === message,
    );
  });
