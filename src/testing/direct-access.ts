/** The state of the fake without HTTP: what a test sets up, does as another writer, and looks at. */
import { clone, deepEqual, type JsonObject } from './json.ts';
import { asJson, type KubernetesObject } from './object.ts';
import { defaultSpec, type SeedObject } from './options.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { groupVersion } from './resource-type.ts';
import { StatusError } from './status-error.ts';
import type { VirtualMcpServer } from './virtual-mcp-server.ts';

/** Who a direct write is recorded as in `managedFields`. */
export interface DirectWriteOptions {
  /** Field manager. Default: `operator`. */
  readonly manager?: string;
}

export interface DirectAccess {
  /** The object as it is now; `undefined` where there is none. */
  get(namespace: string, name: string): VirtualMcpServer | undefined;
  /** All objects, by namespace and name. */
  list(namespace?: string): VirtualMcpServer[];
  /** @throws StatusError 409 where it exists, 422 where it breaks the schema */
  create(object: SeedObject, options?: DirectWriteOptions): VirtualMcpServer;
  /**
   * What a program in Go does: reads the object, changes it, and puts the whole of it back, the status through `/status`.
   *
   * @param change gets a copy and changes it in place
   * @throws StatusError 404, or 422 where the change breaks the schema
   */
  update(
    namespace: string,
    name: string,
    change: (object: VirtualMcpServer) => void,
    options?: DirectWriteOptions,
  ): VirtualMcpServer;
  /**
   * Server-side apply of a status.
   *
   * @param options.force takes fields from other managers. Default: true
   * @throws StatusError 404, 409 for a conflict without `force`, 422 or 500 for what the schema refuses
   */
  applyStatus(
    namespace: string,
    name: string,
    status: object,
    options?: DirectWriteOptions & { force?: boolean },
  ): VirtualMcpServer;
  /** @throws StatusError 404 */
  delete(namespace: string, name: string): void;
}

export function createDirectAccess(
  storage: ResourceStorage,
  version: string,
  namespaces: ResourceStorage,
): DirectAccess {
  const { type } = storage;
  const head = { apiVersion: groupVersion(type, version), kind: type.kind };
  const target = (namespace: string, name: string) => ({ namespace, name, version });
  const statusTarget = (namespace: string, name: string) => ({
    ...target(namespace, name),
    subresource: 'status' as const,
  });
  const writeOptions = ({ manager = 'operator' }: DirectWriteOptions = {}) => ({ manager });

  /** What is set up directly has its namespace, as if somebody had created it before. */
  function ensureNamespace(name: string): void {
    if (namespaces.list('', 'v1').some(({ metadata }) => metadata.name === name)) return;
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    namespaces.create({ namespace: '', name, version: 'v1' }, body, writeOptions());
  }

  const copy = (object: KubernetesObject): VirtualMcpServer => clone(object) as VirtualMcpServer;

  function update(
    namespace: string,
    name: string,
    change: (object: VirtualMcpServer) => void,
    options?: DirectWriteOptions,
  ): VirtualMcpServer {
    const before = storage.get(target(namespace, name));
    const draft = copy(before);
    change(draft);
    const next: KubernetesObject = clone(draft);
    const { status, ...rest } = next;
    let latest = before;
    const { status: statusBefore, ...restBefore } = before;
    if (!deepEqual(rest, restBefore))
      latest = storage.replace(target(namespace, name), asJson(next), writeOptions(options));
    if (deepEqual(status, statusBefore)) return copy(latest);
    const { status: _, ...base } = latest;
    const withStatus: KubernetesObject = { ...base, ...(status === undefined ? {} : { status }) };
    return copy(storage.replace(statusTarget(namespace, name), asJson(withStatus), writeOptions(options)));
  }

  return {
    get(namespace, name) {
      try {
        return copy(storage.get(target(namespace, name)));
      } catch (error) {
        if (error instanceof StatusError && error.code === 404) return undefined;
        throw error;
      }
    },

    list: (namespace = '') => storage.list(namespace, version).map(copy),

    create({ namespace, name, spec = defaultSpec, status, labels }, options) {
      ensureNamespace(namespace);
      const metadata = { name, namespace, ...(labels === undefined ? {} : { labels: { ...labels } }) };
      const created = storage.create(
        target(namespace, name),
        { ...head, metadata, spec: clone(spec) as JsonObject },
        writeOptions(options),
      );
      if (status === undefined) return copy(created);
      const report = (object: VirtualMcpServer): void => {
        object.status = clone(status);
      };
      return update(namespace, name, report, options);
    },

    update,

    applyStatus(namespace, name, status, { force = true, ...options } = {}) {
      const applied: KubernetesObject = { ...head, metadata: { name }, status: clone(status) };
      const written = storage.apply(statusTarget(namespace, name), asJson(applied), {
        ...writeOptions(options),
        force,
      });
      return copy(written.object);
    },

    delete(namespace, name) {
      storage.delete(target(namespace, name), {}, {});
    },
  };
}
