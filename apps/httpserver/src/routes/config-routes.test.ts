import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleApp } from "../testing/example-app.ts";

test("/configs shows ConfigMaps with their generation, and of Secrets only names", async (t) => {
  const files = new Map([
    ["b", Buffer.from("two")],
    ["a", Buffer.alloc(70_000, "x")],
  ]);
  const secret = new Map([["password", Buffer.from("hunter2")]]);
  const generation = { id: "0123", number: 2, loadedAt: new Date(0) };
  const lastError = new Error("it is broken");
  const mountedFolders = () => [
    { path: "/etc/config", isSecret: false, files, generation, lastError },
    { path: "/etc/secret", isSecret: true, files: secret, generation, lastError: undefined },
  ];
  const answer = await exampleApp(t, { mountedFolders }).inject("/configs");
  assert.deepEqual(answer.json(), {
    folders: [
      {
        path: "/etc/config",
        isSecret: false,
        generation: 2,
        loadedAt: "1970-01-01T00:00:00.000Z",
        lastError: "it is broken",
        id: "0123",
        files: [
          { name: "a", bytes: 70_000, content: "x".repeat(65_536), truncated: true },
          { name: "b", bytes: 3, content: "two" },
        ],
      },
      {
        path: "/etc/secret",
        isSecret: true,
        generation: 2,
        loadedAt: "1970-01-01T00:00:00.000Z",
        files: [{ name: "password" }],
      },
    ],
  });
});
