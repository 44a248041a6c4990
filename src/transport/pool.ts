import { defined } from '../defined.ts';
import type { Access, OwnTransport, Sender, TransportOptions } from '../types.ts';
import { createPlaces } from './places.ts';

/** A share in a transport. */
export interface TransportLease {
  readonly transport: OwnTransport;
  /** Gives the share back; the last one closes the transport. Idempotent. */
  release(): Promise<void>;
}

type Create = (options: TransportOptions) => OwnTransport;

interface Entry {
  readonly origin: string;
  readonly options: TransportOptions;
  readonly create: Create;
  readonly transport: OwnTransport;
  users: number;
}

// A handful of clusters at most: looked up by comparison, so that no private key becomes part of a key text.
const entries: Entry[] = [];

/**
 * The transport to one API server, shared by all who ask in this process with equal options.
 *
 * @param server base URL of the API server; its origin counts
 * @param create makes the transport where nobody has it yet; a part of what is compared
 */
export function acquireTransport(server: string, options: TransportOptions, create: Create): TransportLease {
  const { origin } = new URL(server);
  let entry = entries.find(
    known => known.create === create && known.origin === origin && sameOptions(known.options, options),
  );
  if (entry === undefined) {
    const places = createPlaces(options.connections ?? 16);
    entry = { origin, options, create, transport: { ...create(options), places }, users: 0 };
    entries.push(entry);
  }
  entry.users += 1;
  const { transport } = entry;
  let held: Entry | undefined = entry;
  return {
    transport,
    async release() {
      const mine = held;
      held = undefined;
      if (mine === undefined || --mine.users > 0) return;
      entries.splice(entries.indexOf(mine), 1);
      await transport.close();
    },
  };
}

/** The transport that belongs to the current {@link Access}. */
export interface TransportFollower {
  /** The transport for `access`: a new one where server, trust, client certificate or proxy changed. */
  for(access: Access): Sender;
  /** Gives the share back. Idempotent. */
  close(): Promise<void>;
}

/**
 * Holds one share, and exchanges it when a CA or client certificate is rotated: the old transport closes its idle
 * connections at once, and those in use when they are done.
 *
 * @param connections most connections kept to one API server; default 16
 */
export function followAccess(create: Create, connections?: number): TransportFollower {
  let lease: TransportLease | undefined;
  let current: Access | undefined;
  return {
    for(access) {
      if (lease === undefined || access !== current) {
        const { tls, proxyUrl } = access;
        const before = lease;
        // The new share first: where nothing but the token changed it is the same transport, and never closes.
        lease = acquireTransport(access.server, defined({ tls, proxyUrl, connections }), create);
        current = access;
        before?.release().catch(() => {});
      }
      return lease.transport;
    },
    async close() {
      const last = lease;
      lease = undefined;
      current = undefined;
      await last?.release();
    },
  };
}

function sameOptions(a: TransportOptions, b: TransportOptions): boolean {
  const tls = ['ca', 'cert', 'key', 'serverName', 'insecureSkipVerify'] as const;
  return (
    a.proxyUrl === b.proxyUrl &&
    a.connections === b.connections &&
    tls.every(name => (a.tls?.[name] || '') === (b.tls?.[name] || ''))
  );
}
