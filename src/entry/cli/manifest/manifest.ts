import { version } from '../../version.ts';
import { labelFor } from './names.ts';
import type { Manifest, ManifestOptions } from './options.ts';
import { rights } from './rights.ts';
import { workload } from './workload.ts';

/** Everything that the service needs in a cluster for one VirtualMCPServer, in the order in which to apply it. */
export function manifestOf(options: ManifestOptions): Manifest[] {
  const name = labelFor(options.name);
  const selector = { 'app.kubernetes.io/name': 'vmcp-status', 'app.kubernetes.io/instance': name };
  const labels = {
    ...selector,
    'app.kubernetes.io/version': version,
    'app.kubernetes.io/managed-by': 'vmcp-status',
  };
  const metadata = { name, namespace: options.namespace, labels };
  return [...rights(options, metadata), ...workload(options, metadata, selector)];
}
