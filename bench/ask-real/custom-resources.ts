/**
 * Asks a real API server every case of test/custom-resources, and writes the answers down, which the embedded one is then
 * held against. The custom kinds and the objects that it makes are taken away again.
 *
 * usage: node bench/ask-real/custom-resources.ts [OUT.json]        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { httpTransport, readKubeconfig } from "@seaworthy/client";
import { askCases } from "../../test/custom-resources/ask-cases.ts";
import { serverVersion } from "../measured/server-version.ts";

const out = process.argv[2] ?? "test/custom-resources/answers.generated.json";
const transport = httpTransport(await readKubeconfig());
const answers = await askCases(transport);
const gitVersion = await serverVersion(transport);
writeFileSync(out, `${JSON.stringify({ answeredBy: `kube-apiserver ${gitVersion}`, answers }, null, 1)}\n`);
process.stdout.write(`${Object.keys(answers).length} cases answered by ${gitVersion}: ${out}\n`);
