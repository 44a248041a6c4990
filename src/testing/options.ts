/** What a fake API server is made from. */
import type { Identify } from './authentication.ts';
import type { AccessRule } from './authorization.ts';
import type { JsonObject } from './json.ts';
import type { Schema } from './schema.ts';
import type { VirtualMcpServerVersion } from './virtual-mcp-server.ts';

/** A VirtualMCPServer that exists from the start. */
export interface SeedObject {
  /** DNS label. */
  readonly namespace: string;
  /** DNS subdomain. */
  readonly name: string;
  /** Default: a group named `default` and anonymous clients, the least that the schema takes. */
  readonly spec?: object;
  /** Written after the creation, as its operator would. */
  readonly status?: object;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Who a given bearer token belongs to. */
export interface TokenOwner {
  /** `system:serviceaccount:<namespace>:<name>` for a ServiceAccount. */
  readonly user: string;
  /** Default: none. `system:masters` may do everything. */
  readonly groups?: readonly string[];
  /** From then on the token is refused with 401. Default: never. */
  readonly expiresAt?: Date;
}

export interface FakeApiServerOptions {
  /** VirtualMCPServers that exist. Default: none. */
  readonly objects?: readonly SeedObject[];
  /** The clock behind every timestamp and every expiry. Default: the real one. */
  readonly now?: () => Date;
  /** Served versions, the stored one first. Default: `['v1beta1', 'v1alpha1']`. */
  readonly versions?: readonly VirtualMcpServerVersion[];
  /** Names of backend or status fields that the schema lacks, as an older definition's: `['mcpRevision']`. */
  readonly withoutFields?: readonly string[];
  /** Structural schema of the resource instead of the built-in one: a definition's `openAPIV3Schema`. */
  readonly schema?: object;
  /**
   * Bearer tokens. Where given, a request needs one of these, or one that the fake issued, and its user needs the rights;
   * where not, a request without a token that the fake issued is the administrator's.
   */
  readonly tokens?: Readonly<Record<string, TokenOwner>>;
  /** Who may do what, besides the Roles and RoleBindings that are created through the API. */
  readonly rules?: readonly AccessRule[];
  /** Tells whose client certificate a front has seen: from a header that it sets, or from the socket. */
  readonly identify?: Identify;
  /** Base URL that the fake believes to have, without a prefix. Default: `https://kubernetes.test`. */
  readonly server?: string;
  /** Path before all paths of the API, as Rancher has it: `/k8s/clusters/c1`. Default: none. */
  readonly pathPrefix?: string;
  /** How many requests are remembered. Default: the last 1,000. */
  readonly requestLog?: number;
}

/** One request that arrived, and how it was answered. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the path prefix and the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Without parameters; empty where there is none. */
  readonly contentType: string;
  readonly accept: string;
  /** Name of the user; empty where the credential was refused. */
  readonly user: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The body as text, empty for none. */
  readonly text: string;
  /** The body as JSON; `undefined` where it is none. */
  readonly body: unknown;
}

export const defaultSpec: JsonObject = { groupRef: { name: 'default' }, incomingAuth: { type: 'anonymous' } };

export type { AccessRule, Schema };
