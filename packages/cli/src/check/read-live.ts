import { readCluster } from "@seaworthy/check";
import { createClient, httpTransport, readKubeconfig } from "@seaworthy/client";
import type { FlagValues } from "../command.ts";
import { textFlag } from "../flag-values.ts";
import type { CheckInput } from "./read-input.ts";

/** Reads the cluster that flags name. */
export async function readLive(flags: FlagValues): Promise<CheckInput> {
  const file = textFlag(flags, "kubeconfig");
  const namespace = textFlag(flags, "namespace");
  const connection = await readKubeconfig(
    file === undefined ? undefined : { file },
    textFlag(flags, "context"),
  );
  const client = createClient(httpTransport(connection), { userAgent: "seaworthy-check" });
  const [sets, kubernetes] = await Promise.all([readCluster(client, { namespace }), client.version()]);
  const where = namespace === undefined ? "" : `namespace ${namespace} of `;
  return { ...sets, cluster: { name: `${where}context ${connection.context}`, kubernetes } };
}
