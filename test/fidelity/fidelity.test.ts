import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { httpTransport, readKubeconfig } from "@seaworthy/client";
import { Cluster } from "@seaworthy/cluster";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { Store } from "../../packages/cluster/src/apiserver/store/store.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { checkItem, whyNot, type Target } from "./check-item.ts";
import { differences } from "./differences.ts";
import type { Item } from "./item.ts";
import { items } from "./items.ts";
import { findProgram } from "./programs.ts";

const image = "registry.k8s.io/pause:3.10";
const shellImage = "busybox:1.36";

describe("the fidelity suite, asked of an API server in this process", () => {
  const store = new Store({ historyLimit: 250 });
  const server = createApiServer({ clock: systemClock, random: seededRandom(1), store });
  const target: Target = {
    transport: server.transport,
    has: ["forgetfulness"],
    prefix: "here",
    image,
    shellImage,
    kubectl: undefined,
    helm: undefined,
  };
  for (const item of items)
    test(title(item), { skip: whyNot(item, target) ?? false }, () => check(item, target));
});

describe("the fidelity suite, asked of a whole cluster over its socket", { concurrency: 8 }, () => {
  let cluster: Cluster;
  let target: Target;
  let home: string;
  before(async () => {
    cluster = await Cluster.start({ profile: "instant", run: { busybox: "sh" } });
    home = await mkdtemp(join(tmpdir(), "seaworthy-fidelity-"));
    const program = (name: string, args: string[]) =>
      findProgram(process.env[name.toUpperCase()] ?? name, args, cluster.kubeconfigPath, home);
    target = {
      transport: httpTransport(await readKubeconfig({ file: cluster.kubeconfigPath })),
      has: ["controllers"],
      prefix: "socket",
      image,
      shellImage,
      kubectl: program("kubectl", ["version", "--client"]),
      helm: program("helm", ["version"]),
    };
  });
  after(async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });
  for (const item of items) {
    test(title(item), async (context) => {
      const reason = whyNot(item, target);
      if (reason === undefined) await check(item, target);
      else context.skip(reason);
    });
  }
});

function title({ number, title }: Item): string {
  return `${number}. ${title}`;
}

/** A difference that is listed has to be there, so that the list does not outlive it. */
async function check(item: Item, target: Target): Promise<void> {
  if (differences[item.number] === undefined) await checkItem(item, target);
  else
    await assert.rejects(checkItem(item, target), "this item holds: take it out of the list of differences");
}
