/** One `VirtualMCPServer` in a cluster: which API version serves it, and how this identity may read it. */

import { isStatusReporterError } from '../errors.ts';
import type { Call } from './call.ts';
import type { ApiClient } from './client.ts';
import { knownVersions, type ResourceRef, resourcePath, type Version } from './paths.ts';
import { type ApiRequest, type ReadMode, readObject, readResourceVersion, type Target } from './requests.ts';
import { isPageNotFound, isResourceVersionTooLarge } from './responses.ts';

/** The resource, as far as a reporter needs it. */
export interface ResourceObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly managedFields?: readonly object[];
  };
  readonly status?: object;
}

/** A remote object that remembers what works for it. */
export interface Resource {
  /** A consistent read. */
  read(call: Call): Promise<ResourceObject>;
  /**
   * The object's resourceVersion now, never older than the given one; `undefined` where this identity may read nothing
   * that cheap.
   */
  resourceVersion(notOlderThan: string, call: Call): Promise<string | undefined>;
  /** Sends a write; a Table answer has only `metadata.resourceVersion`. */
  write(build: (target: Target) => ApiRequest | Promise<ApiRequest>, call: Call): Promise<ResourceObject>;
}

const readModes: readonly ReadMode[] = ['object', 'status', 'patch'];

export function createResource(client: ApiClient, ref: ResourceRef, fieldManager: string): Resource {
  const label = `VirtualMCPServer ${ref.namespace}/${ref.name}`;
  let target = targetOf(knownVersions[0]);
  let readMode: ReadMode = 'object';

  function targetOf(version: Version): Target {
    return { ref, version, path: resourcePath(ref, version) };
  }

  function send(
    build: (target: Target) => ApiRequest | Promise<ApiRequest>,
    verb: string,
    call: Call,
  ): Promise<ResourceObject> {
    const what = `${verb} ${label}`;
    const sendIt = (request: ApiRequest) => client.send<ResourceObject>(request, what, call);
    const request = build(target);
    const sent = request instanceof Promise ? request.then(sendIt) : sendIt(request);
    return sent.catch(async error => {
      if (!isPageNotFound(error)) throw error;
      const { servedVersion } = await import('./discovery.ts').catch(() => {
        // A deployment may have replaced the files of a running process.
        throw error;
      });
      const served = await servedVersion(client, call);
      if (served === target.version) throw error;
      target = targetOf(served);
      return sendIt(await build(target));
    });
  }

  /** The operator grants `get` on the object, the reference's documentation on its status: what works is remembered. */
  async function read(call: Call): Promise<ResourceObject> {
    let refused: unknown;
    for (const mode of [readMode, ...readModes.filter(mode => mode !== readMode)]) {
      try {
        const object = await send(target => readObject(target, mode, fieldManager), 'Reading', call);
        readMode = mode;
        return object;
      } catch (error) {
        if (!isForbidden(error)) throw error;
        refused ??= error;
      }
    }
    throw refused;
  }

  return {
    read,
    async resourceVersion(notOlderThan, call) {
      if (readMode === 'patch') return undefined;
      const mode = readMode;
      const check = (floor?: string) =>
        send(target => readResourceVersion(target, mode, floor), 'Checking', call);
      try {
        return (await check(notOlderThan)).metadata.resourceVersion;
      } catch (error) {
        if (isResourceVersionTooLarge(error)) return (await check()).metadata.resourceVersion;
        // The right to read went away: what replaces it, the next read finds out.
        if (isForbidden(error)) return (await read(call)).metadata.resourceVersion;
        throw error;
      }
    },
    write: (build, call) => send(build, 'Writing the status of', call),
  };
}

function isForbidden(error: unknown): boolean {
  return isStatusReporterError(error, 'forbidden');
}
