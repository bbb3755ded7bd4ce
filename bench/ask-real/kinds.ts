/**
 * Asks a real API server what it makes of each sample in test/kinds/samples.yaml, and what it serves, and writes the answers
 * down, which the embedded one is then held against. Everything it makes it takes away again.
 *
 * usage: node bench/ask-real/kinds.ts        KUBECONFIG names the cluster
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createClient, httpTransport, readKubeconfig } from "@seaworthy/client";
import { findBuiltInKind, parseManifests, resourceTypes, servedTypes, type Namespace } from "@seaworthy/kube";
import { askSample, sampleNamespace, type SampleAnswer } from "../../test/kinds/ask-sample.ts";
import { serverVersion } from "../measured/server-version.ts";

const transport = httpTransport(await readKubeconfig());
const client = createClient(transport);
await client.create<Namespace>(resourceTypes.namespaces, {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: sampleNamespace },
});
const answers: Record<string, SampleAnswer> = {};
try {
  for (const { object } of parseManifests("samples.yaml", readFileSync("test/kinds/samples.yaml", "utf8"))) {
    const kind = findBuiltInKind(object.apiVersion, object.kind);
    const type = kind && servedTypes(kind).find(({ apiVersion }) => apiVersion === object.apiVersion);
    if (type === undefined) throw new Error(`no built-in kind is called ${object.apiVersion} ${object.kind}`);
    process.stdout.write(`${object.kind}\n`);
    answers[`${object.apiVersion} ${object.kind}`] = await askSample(transport, type, object);
  }
} finally {
  await client.delete(resourceTypes.namespaces, undefined, sampleNamespace);
}
const ask = async (path: string, accept = "application/json") =>
  JSON.parse(
    (await transport({ method: "GET", path, query: new URLSearchParams(), headers: { accept } }))
      .body as string,
  ) as unknown;
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const gitVersion = await serverVersion(transport);
writeFileSync(
  "test/kinds/answers.generated.json",
  `${JSON.stringify({ answeredBy: `kube-apiserver ${gitVersion}`, core: await ask("/api", aggregated), groups: await ask("/apis", aggregated), answers }, null, 1)}\n`,
);
process.stdout.write(`${Object.keys(answers).length} kinds, by ${gitVersion}\n`);
