import type { Socket } from "node:net";
import type { HeadCache } from "../http/head-cache.ts";
import type { Target } from "../plan/plan.ts";
import type { AddressBook } from "./address-book.ts";
import type { Connection, ConnectionOwner } from "./connection.ts";
import { Http1Connection } from "./http1-connection.ts";
import { Http2Connection } from "./http2-connection.ts";
import { type Opening, openingOf, openingTo, type SecureSettings, secureSettings } from "./open-socket.ts";

/** Opens the connections of a run. */
export class Opener {
  readonly #owner: ConnectionOwner;
  readonly #cache: HeadCache;
  readonly #addresses: AddressBook;
  readonly #sources: readonly string[];
  readonly #family: 0 | 4 | 6;
  readonly #secure = new Map<Target, SecureSettings>();
  #turn = 0;

  constructor(
    owner: ConnectionOwner,
    cache: HeadCache,
    addresses: AddressBook,
    { sourceAddresses, family }: { readonly sourceAddresses: readonly string[]; readonly family: 0 | 4 | 6 },
  ) {
    this.#owner = owner;
    this.#cache = cache;
    this.#addresses = addresses;
    this.#sources = sourceAddresses;
    this.#family = family;
  }

  /** A new connection to a target that is not dialed. */
  open(target: Target): Connection {
    const { via } = target;
    const secure = target.tls && this.#secureSettings(target);
    if (via.kind === "unix") return this.#connection(target, openingTo({ path: via.path }, secure));
    if (via.kind === "dialed") throw new TypeError(`${target.name} is dialed`);
    const address = {
      host: this.#addresses.next(via),
      port: via.port,
      family: this.#family,
      ...(this.#sources.length === 0
        ? {}
        : { localAddress: this.#sources[this.#turn++ % this.#sources.length] }),
    };
    return this.#connection(target, openingTo(address, secure));
  }

  /** A new connection of a dialed target to the address that was chosen for it. */
  openAt(
    target: Target,
    address: { readonly host: string; readonly port: number },
    peer?: string,
  ): Connection {
    return this.#connection(target, openingTo({ ...address, family: 0 }, undefined), peer);
  }

  /** A connection over a socket that somebody else has opened. */
  adopt(target: Target, socket: Socket, peer: string | undefined): Connection {
    return this.#connection(target, openingOf(socket), peer);
  }

  #connection({ protocol, tls }: Target, opening: Opening, peer?: string): Connection {
    if (protocol === "h2") return new Http2Connection(opening, this.#owner, tls !== undefined, peer);
    return new Http1Connection(opening, this.#owner, this.#cache, peer);
  }

  #secureSettings(target: Target): SecureSettings {
    let settings = this.#secure.get(target);
    if (settings === undefined) {
      const { tls = {}, via, hostHeader, protocol = "http/1.1" } = target;
      settings = secureSettings(tls, via.kind === "tcp" ? via.host : hostHeader, protocol);
      this.#secure.set(target, settings);
    }
    return settings;
  }
}
