import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { extensionManifest } from "./extension-manifest.ts";
import { skip, startKubectlCluster, type KubectlCluster } from "../pods/kubectl-cluster.ts";

const fish = (name: string) =>
  JSON.stringify({ apiVersion: "sea.example.com/v1", kind: "Fish", metadata: { name }, spec: { fins: 2 } });

describe("an extension API server in a pod, asked by kubectl", { skip, timeout: 180_000 }, () => {
  let fixture: KubectlCluster;
  before(async () => {
    fixture = await startKubectlCluster();
    const versions = [{ group: "sea.example.com", version: "v1" }];
    await fixture.apply(extensionManifest("sea", import.meta.resolve("./fish-program.ts"), versions));
    const { code, err } = await fixture.kubectl(
      "wait apiservice/v1.sea.example.com --for=condition=Available --timeout=50s".split(" "),
    );
    assert.equal(code, 0, err);
  });
  after(() => fixture[Symbol.asyncDispose]());

  const kubectl = async (words: string, input?: string) => {
    const { code, out, err } = await fixture.kubectl(words.split(" "), input === undefined ? {} : { input });
    assert.equal(code, 0, err);
    return out;
  };

  test("is shown as what serves its group, and its kinds as all others", async () => {
    assert.match(await kubectl("get apiservice v1.sea.example.com"), /default\/sea +True/);
    assert.match(await kubectl("get apiservice v1.apps"), /Local +True/);
    assert.match(
      await kubectl("api-resources --api-group=sea.example.com"),
      /^fish +fi +sea\.example\.com\/v1 +true +Fish$/m,
    );
    assert.match(await kubectl("explain fish.spec.fins"), /How many it has\./);
  });

  test("takes objects that kubectl creates, and gives them back", async () => {
    assert.equal(await kubectl("create -f -", fish("nemo")), "fish.sea.example.com/nemo created\n");
    assert.match(await kubectl("get fi"), /^NAME +AGE\nnemo /);
    assert.equal(await kubectl("get fish nemo -o jsonpath={.spec.fins}"), "2");
  });

  test("lets kubectl watch", async () => {
    const watching = fixture.start("get fish --watch-only -o name".split(" "));
    let seen = "";
    watching.stdout?.on("data", (piece: Buffer) => (seen += piece.toString("utf8")));
    // A watch that began late would miss what comes once, so fish are made until one is seen.
    for (let count = 1; !seen.includes("fish.sea.example.com/fish-") && count <= 100; count += 1) {
      await kubectl("create -f -", fish(`fish-${count}`));
    }
    assert.match(seen, /fish\.sea\.example\.com\/fish-/);
    watching.kill();
    await once(watching, "exit");
  });

  test("hears who asks, and decides by what the cluster says of him", async () => {
    const { code, err } = await fixture.kubectl("get fish --as=jane".split(" "));
    assert.equal(code, 1);
    assert.match(err, /User "jane" cannot list resource "fish" in API group "sea\.example\.com"/);
    await kubectl("create clusterrole angler --verb=list --resource=fish.sea.example.com");
    await kubectl("create clusterrolebinding jane --clusterrole=angler --user=jane");
    const refused = await fixture.kubectl("get fish --as=jane".split(" "));
    // This server has let her list, and the extension asks whether she may get.
    assert.match(refused.err, /no fishing/);
    await kubectl("create clusterrole diver --verb=get --resource=fish.sea.example.com");
    await kubectl("create clusterrolebinding jane-too --clusterrole=diver --user=jane");
    assert.match(await kubectl("get fish --as=jane"), /nemo/);
  });

  test("loses what is in a namespace with that", async () => {
    await kubectl("create namespace reef");
    await kubectl("create -n reef -f -", fish("coral"));
    await kubectl("delete namespace reef --timeout=50s");
    await kubectl("create namespace reef");
    assert.equal(await kubectl("get fish -n reef -o name"), "");
    assert.notEqual(await kubectl("get fish -o name"), "");
  });

  test("that is gone is answered for, and told of", async () => {
    await kubectl("scale deployment/sea --replicas=0");
    await kubectl("wait apiservice/v1.sea.example.com --for=condition=Available=false --timeout=50s");
    assert.match(await kubectl("get apiservice v1.sea.example.com"), /False \(MissingEndpoints\)/);
    const { err } = await fixture.kubectl("get --raw /apis/sea.example.com/v1".split(" "));
    assert.equal(
      err,
      "Error from server (ServiceUnavailable): the server is currently unable to handle the request\n",
    );
    await kubectl("delete namespace reef --wait=false");
    await kubectl("wait namespace/reef --for=condition=NamespaceDeletionDiscoveryFailure --timeout=50s");
    await kubectl("delete apiservice v1.sea.example.com");
    await kubectl("wait namespace/reef --for=delete --timeout=50s");
  });
});
