import { insideRanges } from "../../kernel-network/ranges.ts";
import type { Peer } from "./original-destinations.ts";

/**
 * The rules by which what pods and nodes send to the outside comes to `listener`, as text for `nft -f`. Services come first, so
 * that their addresses outside are theirs. What is not TCP is refused, in the one
 * way of which UDP's clients hear (net/ipv4/icmp.c icmp_err_convert).
 */
export function egressRules({ ip, port }: Peer): string {
  const lead = `ip daddr != @inside meta l4proto tcp dnat to ${ip}:${port}`;
  const refuse = "ip daddr != @inside reject with icmp admin-prohibited";
  return `table ip egress {
  set inside { type ipv4_addr; flags interval; auto-merge; elements = { ${insideRanges.join(", ")} } }
  chain from-pods { type nat hook prerouting priority dstnat + 1; ${lead}; }
  chain from-nodes { type nat hook output priority -99; ${lead}; }
  chain forward { type filter hook forward priority filter; ${refuse}; }
  chain output { type filter hook output priority filter; ${refuse}; }
}
`;
}
