import { ConfigurationError, isConfigurationError } from '../../errors.ts';
import type { Host } from '../host/host.ts';
import { bearerToken, tokenExpiry } from '../token.ts';
import type { Endpoint } from './cluster.ts';
import { encodeBase64 } from './pem.ts';
import type { Cluster, ExecPlugin } from './types.ts';

/** What a plugin printed. */
export interface ExecCredential {
  readonly token?: string;
  readonly tls: { readonly cert?: string; readonly key?: string };
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

const group = 'client.authentication.k8s.io';

/** A plugin may ask a slow server, but nobody is there to answer a question of its own. */
const timeout = 60_000;

/**
 * Runs a plugin.
 *
 * @param where what to call the entry in errors
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export async function runExecPlugin(
  plugin: ExecPlugin,
  target: { cluster: Cluster; endpoint: Endpoint },
  host: Host,
  where: string,
): Promise<ExecCredential> {
  const { command, apiVersion, args = [], env = [], interactiveMode } = plugin;
  if (command === undefined) throw new ConfigurationError(`${where}.command: expected a program, found none`);
  if (apiVersion !== `${group}/v1` && apiVersion !== `${group}/v1beta1`) {
    throw new ConfigurationError(
      `${where}.apiVersion: expected ${group}/v1 or ${group}/v1beta1, found ${JSON.stringify(apiVersion ?? '')}: update the plugin and its entry`,
    );
  }
  if (interactiveMode === 'Always') {
    throw new ConfigurationError(
      `${where}: ${command} always asks on a terminal, and a reporter has none: use a plugin with interactiveMode IfAvailable or Never, or a service account's token`,
    );
  }
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo && { cluster: clusterInfo(target) }) },
  };
  const result = await host
    .run(command, args, {
      env: {
        ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify(info),
      },
      timeout,
    })
    .catch(error => {
      if (isConfigurationError(error)) throw error;
      const hint = plugin.installHint ? `\n${plugin.installHint}` : '';
      throw new ConfigurationError(
        `${where}: ${command} could not be run (${(error as Error).message}): install it, or correct command${hint}`,
        { cause: error },
      );
    });
  if (result.exitCode !== 0) {
    throw new ConfigurationError(
      `${where}: expected ${command} to print a credential, but it ended with exit code ${result.exitCode}: ${excerpt(result.stderr)}`,
    );
  }
  return credentialOf(result.stdout, apiVersion, `the output of ${command} (${where})`);
}

function credentialOf(stdout: string, apiVersion: string, where: string): ExecCredential {
  let printed: { kind?: unknown; apiVersion?: unknown; status?: Record<string, unknown> };
  try {
    printed = JSON.parse(stdout) ?? {};
  } catch {
    // Without a cause: it quotes what was printed.
    throw new ConfigurationError(`Expected JSON in ${where}, found something else`);
  }
  if (printed.kind !== 'ExecCredential' || printed.apiVersion !== apiVersion) {
    throw new ConfigurationError(
      `Expected an ExecCredential of ${apiVersion} in ${where}, found another kind or version: update the plugin, or correct apiVersion`,
    );
  }
  const {
    token,
    clientCertificateData: cert,
    clientKeyData: key,
    expirationTimestamp,
  } = printed.status ?? {};
  if (!token && !cert && !key) {
    throw new ConfigurationError(
      `Expected a token, or a client certificate and key, in ${where}, found none`,
    );
  }
  if (!cert !== !key) {
    throw new ConfigurationError(
      `Expected clientCertificateData and clientKeyData in ${where}, found one of them`,
    );
  }
  const bearer = token ? bearerToken(token, where) : undefined;
  const stated = expirationTimestamp ? Date.parse(String(expirationTimestamp)) : undefined;
  if (Number.isNaN(stated)) {
    throw new ConfigurationError(
      `Expected expirationTimestamp in ${where} to be an RFC 3339 time, found another text`,
    );
  }
  const expiresAt = stated ?? tokenExpiry(bearer);
  return {
    ...(bearer && { token: bearer }),
    tls: { ...(cert ? { cert: String(cert), key: String(key) } : {}) },
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** What a plugin is told of the cluster; paths are replaced by data. */
function clusterInfo({ cluster, endpoint }: { cluster: Cluster; endpoint: Endpoint }): object {
  const { server, tls, proxyUrl } = endpoint;
  const config = cluster.extensions?.find(({ name }) => name === `${group}/exec`)?.extension;
  return {
    server,
    ...(tls.serverName && { 'tls-server-name': tls.serverName }),
    ...(tls.insecureSkipVerify && { 'insecure-skip-tls-verify': true }),
    ...(tls.ca && { 'certificate-authority-data': encodeBase64(tls.ca) }),
    ...(proxyUrl && { 'proxy-url': proxyUrl }),
    ...(config !== undefined && { config }),
  };
}

/** The beginning of what a plugin complained, without anything that could be a secret. */
function excerpt(stderr: string): string {
  const text = stderr
    .trim()
    .replace(/[\w+/=.~-]{24,}/g, '[…]')
    .slice(0, 500);
  return text === '' ? 'it said nothing' : text;
}
