/** Which version of the API group a cluster serves: asked where the first guess was wrong, and loaded only then. */

import { isStatusReporterError, StatusReporterError } from '../errors.ts';
import type { Call } from './call.ts';
import type { ApiClient } from './client.ts';
import { group, knownVersions, type Version } from './paths.ts';
import { discoverGroup } from './requests.ts';
import { isPageNotFound } from './responses.ts';

/** The best version that both sides speak; what may not be asked is taken to be the other one. */
export async function servedVersion(client: ApiClient, call: Call): Promise<Version> {
  try {
    const { versions } = await client.send<{ versions?: { version?: string }[] }>(
      discoverGroup(),
      `Discovering the API group ${group}`,
      call,
    );
    const served = versions?.map(({ version }) => version);
    const common = knownVersions.find(version => served?.includes(version));
    if (common !== undefined) return common;
    throw new StatusReporterError(
      'not_found',
      `The API server serves ${group} only in ${served?.join(', ') || 'no version'}; this package speaks ${knownVersions.join(' and ')}: update it, or the CustomResourceDefinition`,
    );
  } catch (error) {
    if (isStatusReporterError(error, 'forbidden')) return knownVersions[1];
    if (!isPageNotFound(error)) throw error;
    throw new StatusReporterError(
      'not_found',
      `The API server does not know the API group ${group}: install the CustomResourceDefinition virtualmcpservers.${group}, or use another cluster`,
      { cause: error },
    );
  }
}
