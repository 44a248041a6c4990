/** The fake API server: one state, reached through HTTP requests and directly. */
import type { Hono } from 'hono';
import { createApp } from './app.ts';
import { type AccessRule, Authorizer } from './authorization.ts';
import { builtinTypes } from './builtin-types.ts';
import { createDirectAccess, type DirectAccess } from './direct-access.ts';
import type { FetchLike } from './faults.ts';
import { defaultSpec, type FakeApiServerOptions, type RecordedRequest } from './options.ts';
import { RequestLog } from './request-log.ts';
import { createResourceStorage } from './resource-storage.ts';
import { storeKey } from './resource-type.ts';
import type { Schema } from './schema.ts';
import { Store } from './store.ts';
import { defaultAudience, Tokens } from './tokens.ts';
import { virtualMcpServerType } from './virtual-mcp-server.ts';

/** Namespaces that every cluster has. */
const systemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** A fake Kubernetes API server. */
export interface FakeApiServer extends DirectAccess {
  /** Answers a request in process; stands in for the global `fetch`. Never rejects. */
  readonly fetch: FetchLike;
  /** The same as a Hono app, for a socket: `serve({ fetch: api.app.fetch })`. */
  readonly app: Hono;
  /** Base URL, path prefix included: `https://kubernetes.test`. Requests to any other host are answered too. */
  readonly server: string;
  /** What arrived and how it was answered, oldest first; the last 1,000 by default, and at most 32 Mi characters. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Number that moves with every stored change: two equal ones say that nothing was written in between. */
  readonly revision: number;
  /** Allows something from now on. */
  addRule(rule: AccessRule): void;
  /**
   * A new bearer token in the shape of a JWT.
   *
   * @param options.expiresInSeconds default 3,600
   */
  issueToken(user: string, groups?: readonly string[], options?: { expiresInSeconds?: number }): string;
  /** Makes a token invalid: from now on it is answered with 401. */
  revokeToken(token: string): void;
}

/**
 * A fake Kubernetes API server with the semantics of the real one for VirtualMCPServers: resourceVersion, generation,
 * validation, JSON patch, merge patch, server-side apply with managedFields, Table reads, watches, tokens and RBAC. It
 * runs in process on any runtime.
 *
 * @throws StatusError where one of `options.objects` breaks the schema
 */
export function createFakeApiServer(options: FakeApiServerOptions = {}): FakeApiServer {
  const now = options.now ?? (() => new Date());
  const pathPrefix = (options.pathPrefix ?? '').replace(/\/$/, '');
  const server = (options.server ?? 'https://kubernetes.test').replace(/\/$/, '') + pathPrefix;
  const store = new Store();
  const tokens = new Tokens();
  const authorizer = new Authorizer(store, options.rules ?? []);
  const versions = options.versions ?? (['v1beta1', 'v1alpha1'] as const);
  const virtualMcpServers = virtualMcpServerType({
    versions,
    ...(options.schema === undefined ? {} : { schema: options.schema as Schema }),
    ...(options.withoutFields === undefined ? {} : { withoutFields: options.withoutFields }),
  });
  const storages = new Map(
    [virtualMcpServers, ...builtinTypes].map(type => [
      storeKey(type),
      createResourceStorage(type, store, now),
    ]),
  );
  const log = new RequestLog(options.requestLog ?? 1000);
  const cluster = { store, tokens, authorizer, storages, versions, now, host: new URL(server).host };
  const identify = options.identify === undefined ? {} : { identify: options.identify };
  const authenticator = { tokens, open: options.tokens === undefined, now, ...identify };
  const app = createApp({ cluster, authenticator, log, pathPrefix });

  for (const [token, { user, groups = [], expiresAt }] of Object.entries(options.tokens ?? {})) {
    tokens.add(token, { user: { name: user, groups }, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }
  const namespaces = storages.get('namespaces')!;
  for (const name of systemNamespaces) {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    namespaces.create({ namespace: '', name, version: 'v1' }, body, { manager: 'kube-apiserver' });
  }
  const objects = storages.get(storeKey(virtualMcpServers))!;
  const direct = createDirectAccess(objects, versions[0] ?? 'v1beta1', namespaces);
  for (const { namespace, name, spec, status, labels } of options.objects ?? []) {
    direct.create({
      namespace,
      name,
      spec: spec ?? defaultSpec,
      ...(status === undefined ? {} : { status }),
      ...(labels === undefined ? {} : { labels }),
    });
  }

  return {
    ...direct,
    app,
    server,
    async fetch(input, init) {
      init?.signal?.throwIfAborted();
      const target =
        input instanceof Request && init === undefined ? input : new Request(absolute(input, server), init);
      return app.fetch(target);
    },
    get requests() {
      return log.entries;
    },
    clearRequests() {
      log.clear();
    },
    get revision() {
      return store.revision;
    },
    addRule: rule => authorizer.add(rule),
    issueToken(user, groups = [], { expiresInSeconds = 3600 } = {}) {
      const issuedAt = now();
      const expiresAt = new Date(issuedAt.getTime() + expiresInSeconds * 1000);
      return tokens.issue({
        user: { name: user, groups },
        expiresAt,
        now: issuedAt,
        audiences: [defaultAudience],
      });
    },
    revokeToken: token => tokens.revoke(token),
  };
}

/** A path alone is meant for this server. */
function absolute(input: Request | URL | string, server: string): Request | URL | string {
  return typeof input === 'string' && input.startsWith('/') ? `${server}${input}` : input;
}
