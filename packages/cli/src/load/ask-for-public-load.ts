import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import { highestRate, isPublicAddress, type LoadPlan } from "@seaworthy/load";

const mostWithoutYes = 1_000;

/**
 * Throws SW1002 when a plan would send more than 1,000 requests/s, or a closed loop that nothing bounds, to an address
 * that is not private, and nobody said that this is meant. Names are looked up; no other packet is sent.
 */
export async function askForPublicLoad(plan: LoadPlan, isMeant: boolean): Promise<void> {
  if (isMeant || (highestRate(plan.pace) ?? Infinity) <= mostWithoutYes) return;
  for (const { name, via } of plan.targets) {
    if (via.kind !== "tcp") continue;
    const publicAddress = (await addressesOf(via.host)).find((address) => isPublicAddress(address));
    if (publicAddress === undefined) continue;
    const address = publicAddress === name ? "" : ` (${publicAddress})`;
    throw new SeaworthyError(
      "SW1002",
      `${name}${address} is not a private address, and this is more than 1,000 requests/s`,
      {
        field: "--yes",
        why: "so much load on a server of someone else is an attack",
        next: ["with the consent of its owner: --yes", "or send less: --rate 1000"],
      },
    );
  }
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  // A name that nobody knows is the run's business, which says so.
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
