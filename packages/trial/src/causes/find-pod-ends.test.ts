import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerJournal } from "@seaworthy/cluster";
import type { AttributionContext } from "./attribute.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { findPodEnds } from "./find-pod-ends.ts";
import type { KeptConnection } from "../kept/kept-connection.ts";
import { exampleFacts } from "../testing/example-facts.ts";
import { exampleJournal, runningJournal } from "../testing/example-journal.ts";
import { exampleKept } from "../testing/example-kept.ts";
import { examplePod } from "../testing/example-pod.ts";
import type { PodLife } from "../timeline/timeline.ts";

const ended = { deletionSeenAt: 10_000, graceSeconds: 30, goneAt: 40_300 };
const deaf = { pid: 1, command: "sh run.sh", handlesSignal: false };

interface Row {
  readonly name: string;
  readonly pod?: Partial<PodLife>;
  readonly facts?: Partial<DeploymentFacts>;
  readonly journals?: readonly ContainerJournal[];
  readonly kept?: readonly Partial<KeptConnection>[];
  /** `id` of a finding that denies, `(id)` of one that does not, with what its text says. */
  readonly expect: readonly (readonly [id: string, text: RegExp])[];
}

const table: readonly Row[] = [
  {
    name: "a server that announces and ends",
    journals: [exampleJournal()],
    kept: [{ announcedAt: 10_010, closedAt: 10_011 }],
    expect: [],
  },
  {
    name: "a kill with nobody who handles the signal, and what was open; the trial's own connection does not count",
    journals: [
      exampleJournal({
        signal: { at: 10_000, name: "SIGTERM", receiver: deaf },
        listeners: [{ ...deaf, port: 8080 }],
        kill: { at: 40_000, open: 5 },
        end: { at: 40_001, exitCode: 137, by: "kill" },
      }),
    ],
    kept: [{ closedAt: 40_001 }],
    expect: [
      [
        "killed-by-grace",
        /1 of 1 pods were killed .*: nobody handles SIGTERM, with up to 4 connections open/,
      ],
    ],
  },
  {
    name: "a kill on a real cluster, by its exit code and its time",
    pod: { ends: [{ container: "shop", at: 40_100, exitCode: 137, reason: "Error" }] },
    expect: [["killed-by-grace", /1 of 1 pods were killed at the end/]],
  },
  {
    name: "OOMKilled is no kill by the grace, nor is a 137 before its end",
    pod: {
      ends: [
        { container: "shop", at: 40_100, exitCode: 137, reason: "OOMKilled" },
        { container: "shop", at: 12_000, exitCode: 137, reason: "Error" },
      ],
    },
    expect: [],
  },
  {
    name: "a kept connection that is cut as the process ends",
    journals: [exampleJournal()],
    kept: [{ closedAt: 10_021 }],
    expect: [["connection-cut-on-exit", /without `Connection: close`/]],
  },
  {
    name: "an idle connection may be closed, and one that was closed in the hook's time is another matter",
    journals: [exampleJournal()],
    kept: [{ use: "idle", closedAt: 10_021 }, { closedAt: 9_700 }],
    expect: [],
  },
  {
    name: "what a stand-in does says nothing of the app",
    journals: [
      exampleJournal({
        standIn: true,
        preStop: { kind: "exec", startedAt: 1, result: "failed", exitCode: 127 },
      }),
    ],
    kept: [{ closedAt: 10_021 }, { use: "idle", answeredAt: 700, closedAt: 1_700 }],
    expect: [],
  },
  {
    name: "bad answers while it drains",
    journals: [exampleJournal({ end: { at: 13_000, exitCode: 0, by: "itself" } })],
    kept: [{ badAnswer: { at: 10_100, status: 503 }, announcedAt: 10_100 }],
    expect: [["answers-badly-while-draining", /answered 503 once they were deleted/]],
  },
  {
    name: "bad answers because the container behind is gone",
    journals: [exampleJournal({ container: "fpm", listeners: [] }), runningJournal(20_000)],
    kept: [{ badAnswer: { at: 11_000, status: 502 }, closedAt: 20_010, announcedAt: 20_005 }],
    facts: {
      containers: [
        { name: "fpm", preStop: undefined },
        { name: "shop", preStop: undefined },
      ],
    },
    expect: [["sidecar-ended-first", /container fpm was gone while shop still answered, with 502/]],
  },
  {
    name: "a launcher that keeps the signal",
    journals: [
      exampleJournal({
        listeners: [{ pid: 7, command: "node a.js", handlesSignal: true, port: 8080 }],
        cutOff: true,
      }),
    ],
    kept: [{ closedAt: 10_021 }],
    expect: [["signal-not-passed-on", /`node a.js`, which serves, never heard/]],
  },
  {
    name: "a hook whose command is not there",
    journals: [
      exampleJournal({
        preStop: {
          kind: "exec",
          startedAt: 9_000,
          endedAt: 9_010,
          result: "failed",
          exitCode: 127,
          message: "exec: curl: not found",
        },
      }),
    ],
    expect: [["(pre-stop-failed)", /names a command that is not there .*curl: not found/]],
  },
  {
    name: "a hook that is cut",
    journals: [
      exampleJournal({ preStop: { kind: "sleep", startedAt: 1_000, endedAt: 31_000, result: "cut" } }),
    ],
    expect: [["(pre-stop-failed)", /was cut by the end of the grace period/]],
  },
  {
    name: "a keep-alive timeout below the edge's",
    journals: [exampleJournal()],
    kept: [{ use: "idle", answeredAt: 700, closedAt: 5_700 }],
    expect: [["(idle-connection-closed)", /after 5.0 s, .* 60 s/]],
  },
];

for (const row of table) {
  test(`pod ends: ${row.name}`, () => {
    const context: AttributionContext = {
      timeline: { pods: [examplePod({ ...ended, ...row.pod })], endpoints: [], deployments: [] },
      journals: row.journals ?? [],
      kept: (row.kept ?? []).map((each) => ({ ...exampleKept, ...each })),
      edgeIdleMs: 60_000,
      facts: [{ ...exampleFacts, ...row.facts }],
      services: {},
      edges: ["ingress"],
      path: "/",
    };
    const found = findPodEnds(context, () => () => "d.yaml:7");
    assert.deepEqual(
      found.map(({ id, denies }) => (denies ? id : `(${id})`)),
      row.expect.map(([id]) => id),
    );
    for (const [index, [, text]] of row.expect.entries()) assert.match(found[index]!.text, text);
    for (const { place, advice } of found) {
      assert.equal(place, "d.yaml:7");
      assert.notEqual(advice?.text ?? "", "");
    }
  });
}
