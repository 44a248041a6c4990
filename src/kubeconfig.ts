// The public entry `vmcp-status-reporter/kubeconfig`.

export type { Host } from './credentials/host/host.ts';
export { type KubeconfigOptions, kubeconfigCredentials } from './credentials/kubeconfig/credentials.ts';
export { mergeKubeconfigs } from './credentials/kubeconfig/merge.ts';
export { parseKubeconfig } from './credentials/kubeconfig/parse.ts';
export type {
  Cluster,
  Context,
  ExecPlugin,
  Kubeconfig,
  KubeconfigCluster,
  KubeconfigContext,
  KubeconfigUser,
  User,
} from './credentials/kubeconfig/types.ts';
export type { Access, Credentials, TlsOptions } from './types.ts';
