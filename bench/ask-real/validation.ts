/**
 * Asks a real API server what it says of every case in test/validation/cases, and writes the answers down, which the
 * embedded one is then held against. Objects to be changed are made in the namespace `validation` and taken away again.
 *
 * usage: node bench/ask-real/validation.ts [OUT.json]        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { createClient, httpTransport, isNotFound, readKubeconfig } from "@seaworthy/client";
import { resourceTypes, type Namespace } from "@seaworthy/kube";
import { readCases } from "../../packages/kube/src/kinds/testing/read-cases.ts";
import { askCase, askedNamespace, type Answer } from "../../test/validation/ask-case.ts";
import { serverVersion } from "../measured/server-version.ts";

const out = process.argv[2] ?? "test/validation/answers.generated.json";
const transport = httpTransport(await readKubeconfig());
const client = createClient(transport);
await makeNamespace();

const answers: Record<string, Answer> = {};
for (const asked of readCases("test/validation/cases")) answers[asked.name] = await askCase(transport, asked);

const gitVersion = await serverVersion(transport);
writeFileSync(out, `${JSON.stringify({ answeredBy: `kube-apiserver ${gitVersion}`, answers }, null, 2)}\n`);
const refused = Object.values(answers).filter(({ code }) => code >= 300).length;
process.stdout.write(`${Object.keys(answers).length} cases, ${refused} refused, by ${gitVersion}: ${out}\n`);

async function makeNamespace(): Promise<void> {
  try {
    await client.get<Namespace>(resourceTypes.namespaces, undefined, askedNamespace);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const metadata = { name: askedNamespace };
    await client.create<Namespace>(resourceTypes.namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata,
    });
  }
}
