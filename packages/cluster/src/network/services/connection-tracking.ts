import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import type { EndpointState } from "../endpoints/endpoint-state.ts";

/** What a node's kernel remembers of the connections that its clients open to Services. */
export interface ConnectionTracking {
  /** A client opens a connection to a Service's port; `flow` names both. */
  open(flow: string): TrackedConnection;
}

/** A connection from the port that the client's kernel has chosen. */
export interface TrackedConnection {
  /** Where packets from this port still go, whatever the rules say by now. */
  readonly endpoint: EndpointState | undefined;
  /** The pod has not answered the connection's first packet, which was sent last `atMs`. */
  unanswered(endpoint: EndpointState, atMs: number): void;
}

/** net.netfilter.nf_conntrack_tcp_timeout_syn_sent */
const unansweredMs = 120_000;
/** net.ipv4.ip_local_port_range, of which Linux takes one half, the even ports, until these are all in use. */
const ports = (60_999 - 32_768 + 1) / 2;
const longestStep = 8;
/** As many entries as a node with 512 MiB has room for (nf_conntrack_max). */
const mostEntries = 65_536;
const mostFlows = 10_000;

/**
 * Says where a connection of one client address goes that comes from a port which the client used before. As long as nobody
 * has answered a SYN, its entry stays, and a further SYN from the same port goes to the same pod, which may be gone. Every other
 * end of a connection (closed, reset, refused) lets the next SYN be decided anew.
 *
 * A kernel goes through its ports for one destination in random steps of 1 to 8 even ones, so that it is round after some
 * 3,000 connections (measured with Linux 6.18; RFC 6056, section 3.3.4).
 * https://github.com/torvalds/linux/blob/v6.12/net/netfilter/nf_conntrack_proto_tcp.c
 * https://github.com/torvalds/linux/blob/v6.12/net/ipv4/inet_hashtables.c
 */
export function createConnectionTracking(clock: Clock, random: Random): ConnectionTracking {
  const lastPorts = new Map<string, number>();
  /** By flow and port, the oldest first. */
  const entries = new Map<string, { readonly endpoint: EndpointState; readonly untilMs: number }>();

  return {
    open(flow) {
      const last = lastPorts.get(flow) ?? Math.floor(random() * ports);
      const port = (last + 1 + Math.floor(random() * longestStep)) % ports;
      lastPorts.delete(flow);
      lastPorts.set(flow, port);
      dropOldest(lastPorts, mostFlows);
      const key = `${flow} ${port}`;
      const entry = entries.get(key);
      return {
        endpoint: entry === undefined || entry.untilMs <= clock.now() ? undefined : entry.endpoint,
        unanswered(endpoint, atMs) {
          entries.delete(key);
          entries.set(key, { endpoint, untilMs: atMs + unansweredMs });
          dropOldest(entries, mostEntries);
        },
      };
    },
  };
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
