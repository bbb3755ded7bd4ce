import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { errorAsData, formatError } from "./print-error.ts";

const error = new SeaworthyError("SW1201", "Service shop selects no pod", {
  place: {
    file: "k8s/service.yaml",
    line: 8,
    column: 10,
    length: 5,
    sourceLine: "    app: shopp",
    label: "no pod is labelled app=shopp",
  },
  object: "Service default/shop",
  field: "spec.selector.app",
  why: "every request to this Service is refused",
  seen: ["k8s/deployment.yaml:14 labels its pods app=shop"],
  next: ["write `app: shop`", "or remove the Service"],
});

test("an error shows the line as written with a caret below the spot", () => {
  assert.equal(
    formatError(error),
    [
      "error[SW1201]: Service shop selects no pod",
      " │ k8s/service.yaml:8:10   Service default/shop   spec.selector.app",
      " 8│     app: shopp",
      "  │          ^^^^^ no pod is labelled app=shopp",
      " │ why   every request to this Service is refused",
      " │ seen  k8s/deployment.yaml:14 labels its pods app=shop",
      " │ next  write `app: shop`",
      " │       or remove the Service",
      "",
    ].join("\n"),
  );
});

test("the caret stays below its mark after tabs", () => {
  const place = { file: "a.json", line: 3, column: 3, length: 2, sourceLine: "\t\tab" };
  assert.match(formatError(new SeaworthyError("SW1101", "x", { place })), /│ \t\t\^\^\n/);
});

test("as data it has code, place and next", () => {
  const data = errorAsData(error);
  assert.deepEqual(
    [data["code"], data["file"], data["line"], data["next"]],
    ["SW1201", "k8s/service.yaml", 8, ["write `app: shop`", "or remove the Service"]],
  );
});
