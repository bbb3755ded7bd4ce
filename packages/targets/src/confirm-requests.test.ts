import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import type { MixRequest } from "@seaworthy/app";
import { formatNotice, type SeaworthyError } from "@seaworthy/errors";
import type { ChosenTarget } from "./choose-targets.ts";
import { confirmRequests } from "./confirm-requests.ts";

/** An app that has `/good` and refuses all else, behind an edge that takes `/shop` off. */
async function targetFor(context: TestContext, mix: readonly MixRequest[]): Promise<ChosenTarget> {
  const server = createServer((request, answer) => {
    answer.writeHead(request.url === "/shop/good" || request.url === "/shop/ready" ? 200 : 404).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const requests = mix.map(({ path }, index) => ({ index, path, appPath: path.replace("/shop", "") }));
  const way = {
    route: { hostHeader: "shop.example", requests },
    dial: async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return { socket, peer: "127.0.0.1" };
    },
  };
  return { name: "ingress", way } as unknown as ChosenTarget;
}

const found = (path: string): MixRequest => ({ method: "GET", path, weight: 2, isFound: true });

async function confirm(context: TestContext, mix: readonly MixRequest[]) {
  const notices: string[] = [];
  const target = await targetFor(context, mix);
  const confirmed = await confirmRequests([target], mix, {
    signal: new AbortController().signal,
    onNotice: (notice) => notices.push(formatNotice(notice, { all: true })),
    probePaths: new Set(["/ready"]),
  });
  return { ...confirmed, notices };
}

test("what was found and is answered badly, or is a probe's behind the edge, is left out with a notice", async (context) => {
  const { requests, notices } = await confirm(context, [
    found("/shop/good"),
    found("/shop/bad?token=s3"),
    found("/shop/ready"),
  ]);
  assert.deepEqual(requests, [{ method: "GET", path: "/shop/good", weight: 2, targets: ["ingress"] }]);
  assert.deepEqual(notices, [
    "some of the requests that were found are not asked, because nobody here answers them well: GET /shop/bad?… (ingress: 404), GET /shop/ready (ingress: a probe's path)",
  ]);
});

test("what somebody wished has to be answered well, and may be a probe's", async (context) => {
  const wished = (path: string): MixRequest => ({ method: "GET", path, weight: 1 });
  assert.equal((await confirm(context, [wished("/shop/ready")])).requests.length, 1);
  await assert.rejects(
    confirm(context, [found("/shop/good"), wished("/shop/bad")]),
    (error: SeaworthyError) =>
      error.code === "SW1211" && error.message.startsWith("GET /shop/bad is not answered well"),
  );
});

test("where nothing that was found is answered well, that is said at once", async (context) => {
  await assert.rejects(
    confirm(context, [found("/shop/a"), found("/shop/b")]),
    (error: SeaworthyError) => error.code === "SW1211" && error.message.startsWith("none of the 2 requests"),
  );
});
