/**
 * Asks a real API server every case of test/writes, and writes the answers down, which the embedded one is then held
 * against. Works in the namespace `asked-writes`, and takes it away again.
 *
 * usage: node bench/ask-real/writes.ts [OUT.json]        KUBECONFIG names the cluster
 */
import { writeFileSync } from "node:fs";
import { httpTransport, readKubeconfig } from "@seaworthy/client";
import { askWrites } from "../../test/writes/ask-writes.ts";
import { serverVersion } from "../measured/server-version.ts";

const out = process.argv[2] ?? "test/writes/answers.generated.json";
const transport = httpTransport(await readKubeconfig());
const answers = await askWrites(transport);
const gitVersion = await serverVersion(transport);
writeFileSync(out, `${JSON.stringify({ answeredBy: `kube-apiserver ${gitVersion}`, answers }, null, 1)}\n`);
process.stdout.write(`${Object.keys(answers).length} cases answered by ${gitVersion}: ${out}\n`);
