import { ConfigurationError } from '../errors.ts';

/** What was looked for, where nothing was found. Loaded with the first `access()`. */
export function refuseAccess(): never {
  throw new ConfigurationError(
    'Found no credentials: give them, set VMCP_KUBECONFIG, VMCP_KUBERNETES_SERVER or KUBECONFIG, or run in a pod (KUBERNETES_SERVICE_HOST). A kubeconfig in the home directory needs a context',
  );
}
