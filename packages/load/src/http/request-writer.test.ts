import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientKind, RequestTemplate } from "../plan/plan.ts";
import { examplePlan } from "../testing/example-plan.ts";
import { RequestWriter } from "./request-writer.ts";

const [target] = examplePlan().targets as [ReturnType<typeof examplePlan>["targets"][number]];
const names = { token: (i: number) => `token-${i}`, uuid: (i: number) => `uuid-${i}` };
const writer = (request: RequestTemplate, client: ClientKind = "keep-alive"): RequestWriter =>
  new RequestWriter({ target, client, request }, names);

describe("RequestWriter", () => {
  it("writes a request that never changes once", () => {
    const get = writer({ method: "GET" });
    assert.equal(get.http1(0), get.http1(1));
    assert.equal(
      get.http1(0).toString(),
      "GET / HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: seaworthy-load\r\nAccept: */*\r\n\r\n",
    );
  });

  it("says that a connection is for one request", () => {
    assert.match(
      writer({ method: "GET" }, "new-connection").http1(0).toString(),
      /\r\nConnection: close\r\n/,
    );
    assert.doesNotMatch(writer({ method: "GET" }, "max-age").http1(0).toString(), /Connection/);
  });

  it("lets a request's own headers replace the usual ones, whatever their case", () => {
    const text = writer({
      method: "GET",
      headers: [
        ["host", "other.example"],
        ["x-a", "1"],
        ["x-a", "2"],
      ],
    })
      .http1(0)
      .toString();
    assert.equal(text.match(/host:/gi)?.length, 1);
    assert.match(text, /host: other\.example\r\nx-a: 1\r\nx-a: 2\r\n/);
  });

  it("fills in placeholders in path, headers and body, and counts the body's bytes", () => {
    const request: RequestTemplate = {
      method: "POST",
      path: "/{{index}}?id={{uuid}}",
      headers: [["x-token", "<{{token}}>"]],
      body: "ä{{index}}",
    };
    for (const [i, length] of [
      [7, 3],
      [1234, 6],
    ] as const) {
      const text = Buffer.from(writer(request).http1(i) as string, "latin1").toString();
      assert.match(text, new RegExp(`^POST /${i}\\?id=uuid-${i} HTTP/1.1\r\n`));
      assert.match(text, new RegExp(`\r\nx-token: <token-${i}>\r\n`));
      assert.match(text, new RegExp(`\r\nContent-Length: ${length}\r\n\r\nä${i}$`));
    }
  });

  it("sends bytes as they are, with no placeholder in them", () => {
    const bytes = Uint8Array.of(0, 255, ...Buffer.from("{{index}}"));
    const written = writer({ method: "PUT", body: bytes }).http1(5);
    assert.ok(Buffer.isBuffer(written));
    assert.deepEqual(written.subarray(-bytes.length), Buffer.from(bytes));
  });

  it("says the length of a body that is empty where a body has a meaning", () => {
    assert.match(writer({ method: "POST" }).http1(0).toString(), /Content-Length: 0\r\n\r\n$/);
    assert.doesNotMatch(writer({ method: "DELETE" }).http1(0).toString(), /Content-Length/);
  });

  it("gives HTTP/2 the same without a form", () => {
    const { path, headers, body } = writer({ method: "POST", path: "/{{index}}", body: "b{{index}}" }).parts(
      3,
    );
    assert.deepEqual([path, body?.toString()], ["/3", "b3"]);
    assert.deepEqual(headers[0], ["Host", "shop.example"]);
  });
});
