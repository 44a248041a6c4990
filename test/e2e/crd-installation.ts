// CustomResourceDefinitions on a running API server: "installed" means that the next request is really served by it.
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type { RestClient } from './rest-client.ts';
import { waitFor } from './wait.ts';

export interface Crd {
  apiVersion: string;
  kind: string;
  metadata: { name: string; [key: string]: unknown };
  spec: {
    group: string;
    names: { plural: string; kind: string };
    versions: CrdVersion[];
    [key: string]: unknown;
  };
  status?: unknown;
}

export interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  schema: { openAPIV3Schema: any };
  [key: string]: unknown;
}

export function parseCrd(yamlOrObject: string | Crd): Crd {
  return typeof yamlOrObject === 'string' ? (parse(yamlOrObject) as Crd) : yamlOrObject;
}

const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Notes what we asked for: the server adds defaults to `spec`, so the stored one cannot be compared. */
const wanted = 'vmcp-status-reporter/wanted';

/**
 * Installs a definition; does nothing when exactly it is there. Another one of the same name is deleted first, with all
 * its objects: a schema replaced in place is picked up at an unknown moment, a new definition is either served or not.
 */
export async function installCrd(rest: RestClient, yamlOrObject: string | Crd): Promise<void> {
  const crd = parseCrd(yamlOrObject);
  const { name } = crd.metadata;
  const fingerprint = digest(crd);
  const existing = await rest.request('GET', `${collection}/${name}`);
  if (existing.status === 200) {
    if (existing.json.metadata.annotations?.[wanted] === fingerprint) return served(rest, crd);
    await deleteCrd(rest, name);
  }
  const annotations = { ...(crd.metadata.annotations as object | undefined), [wanted]: fingerprint };
  const body = { ...crd, metadata: { ...crd.metadata, annotations }, status: undefined };
  const created = await rest.request('POST', collection, { body });
  if (created.status !== 201) throw new Error(`CRD ${name}: ${created.status} ${created.text}`);
  await served(rest, crd);
}

/**
 * Replaces the definition in place, keeping its objects, as an upgrade of the operator does. The server serves the new
 * schema a moment later; only the caller knows how to see that, hence `until`.
 */
export async function upgradeCrd(
  rest: RestClient,
  yamlOrObject: string | Crd,
  until: () => Promise<boolean>,
): Promise<void> {
  const crd = parseCrd(yamlOrObject);
  const path = `${collection}/${crd.metadata.name}`;
  const current = await rest.request('GET', path);
  if (current.status !== 200) throw new Error(`CRD ${crd.metadata.name}: ${current.status} ${current.text}`);
  const annotations = { ...current.json.metadata.annotations, [wanted]: digest(crd) };
  const body = { ...current.json, metadata: { ...current.json.metadata, annotations }, spec: crd.spec };
  const replaced = await rest.request('PUT', path, { body });
  if (replaced.status !== 200)
    throw new Error(`CRD ${crd.metadata.name}: ${replaced.status} ${replaced.text}`);
  await waitFor(`the upgraded CRD ${crd.metadata.name} to be served`, until);
}

export async function deleteCrd(rest: RestClient, name: string): Promise<void> {
  await rest.request('DELETE', `${collection}/${name}`);
  const gone = async () => (await rest.request('GET', `${collection}/${name}`)).status === 404;
  await waitFor(`the CRD ${name} to be gone`, gone);
}

function digest(crd: Crd): string {
  return createHash('sha256').update(JSON.stringify(crd.spec)).digest('hex');
}

async function served(rest: RestClient, crd: Crd): Promise<void> {
  const { group, names, versions } = crd.spec;
  await waitFor(`the CRD ${crd.metadata.name} to be established`, async () => {
    const { json } = await rest.request('GET', `${collection}/${crd.metadata.name}`);
    const conditions: { type: string; status: string }[] = json.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
  });
  const expected = versions.filter(version => version.served).map(version => version.name);
  await waitFor(`/apis/${group} to list exactly ${expected.join(', ')}`, async () => {
    const { json } = await rest.request('GET', `/apis/${group}`);
    const listed: { version: string }[] = json?.versions ?? [];
    return listed.length === expected.length && listed.every(({ version }) => expected.includes(version));
  });
  for (const version of expected) {
    const base = `/apis/${group}/${version}`;
    await waitFor(`${base} to be discovered and served`, async () => {
      const discovery = await rest.request('GET', base);
      const resources: { name: string }[] = discovery.json?.resources ?? [];
      if (!resources.some(resource => resource.name === names.plural)) return false;
      // Without a limit: with one, etcd answers while the cache of the API server still refuses everything else.
      return (await rest.request('GET', `${base}/${names.plural}`)).status === 200;
    });
  }
}
