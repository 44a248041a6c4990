/**
 * The parts of a kubeconfig that are read, in the spelling of the file.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly clusters: readonly KubeconfigCluster[];
  readonly contexts: readonly KubeconfigContext[];
  readonly users: readonly KubeconfigUser[];
}

/** A named cluster. */
export interface KubeconfigCluster {
  readonly name: string;
  readonly cluster: Cluster;
}

/** A named context: which user on which cluster. */
export interface KubeconfigContext {
  readonly name: string;
  readonly context: Context;
}

/** A named user. */
export interface KubeconfigUser {
  readonly name: string;
  readonly user: User;
}

export interface Cluster {
  readonly server?: string;
  readonly 'tls-server-name'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  /** Path of a PEM file. */
  readonly 'certificate-authority'?: string;
  /** Base64 of PEM text; comes before the file. */
  readonly 'certificate-authority-data'?: string;
  readonly 'proxy-url'?: string;
  readonly extensions?: readonly { readonly name: string; readonly extension?: unknown }[];
}

export interface Context {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

export interface User {
  /** Path of a PEM file. */
  readonly 'client-certificate'?: string;
  /** Base64 of PEM text; comes before the file. */
  readonly 'client-certificate-data'?: string;
  /** Path of a PEM file. */
  readonly 'client-key'?: string;
  /** Base64 of PEM text; comes before the file. */
  readonly 'client-key-data'?: string;
  readonly token?: string;
  /** Path of a file with a token; comes before `token` as long as it can be read. */
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: ExecPlugin;
  readonly 'auth-provider'?: { readonly name?: string };
}

/** A program that prints a credential. */
export interface ExecPlugin {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  /** What to tell who does not have the program. */
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
}
