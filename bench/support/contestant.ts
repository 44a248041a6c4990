/** What every contestant's process is told: where the API server is, who reports, and what. Plain data. */

import type { Load } from './load.ts';

export interface Destination {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** Bearer token. */
  readonly token: string;
  readonly namespace: string;
}

/** What is reported on, before anything is measured. */
export interface Task extends Destination {
  /** Names of the resources; lane n reports on the nth. */
  readonly names: readonly string[];
  readonly backends: number;
  /** Of ours: default `apply`. Of client-node: `replace` (get and replace) or `apply`. */
  readonly strategy?: string;
  /** Of client-node: whether its dispatcher is kept, by hand. */
  readonly cached?: boolean;
}

/** One round. */
export interface Round extends Load {
  /** Whether every report says something new. */
  readonly changing: boolean;
}
