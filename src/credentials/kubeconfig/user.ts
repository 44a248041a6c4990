import { ConfigurationError } from '../../errors.ts';
import type { Access, TlsOptions } from '../../types.ts';
import { fileText } from '../file.ts';
import type { Host } from '../host/host.ts';
import { bearerToken } from '../token.ts';
import { impersonationHeaders } from './impersonation.ts';
import { encodeBase64, pemOf } from './pem.ts';
import type { User } from './types.ts';

/** Who somebody is. */
export interface Identity {
  readonly token?: string;
  readonly headers: NonNullable<Access['headers']>;
  readonly tls: Pick<TlsOptions, 'cert' | 'key'>;
}

/** What to use instead of a login that client-go dropped as well. */
const successors: Readonly<Record<string, string>> = {
  gcp: 'gke-gcloud-auth-plugin (gcloud container clusters get-credentials writes it)',
  azure: 'kubelogin (kubelogin convert-kubeconfig writes it)',
  oidc: 'an OIDC login plugin such as kubelogin',
};

/**
 * Everything of a user but an exec plugin.
 *
 * @param where what to call the entry in errors
 */
export async function identityOf(user: User, host: Host, where: string): Promise<Identity> {
  const provider = user['auth-provider'];
  if (provider !== undefined) {
    throw new ConfigurationError(
      `${where}: found the auth-provider ${JSON.stringify(provider.name ?? '')}, which Kubernetes 1.26 removed: replace it by exec with ${successors[provider.name ?? ''] ?? 'the plugin of your provider'}, or by a token`,
    );
  }
  const token = await tokenOf(user, host, where);
  const basic = basicAuthentication(user, where);
  if (token !== undefined && basic !== undefined) {
    throw new ConfigurationError(`${where}: found both a token and username with password: keep one`);
  }
  const cert = await pemOf(host, user, 'client-certificate', where);
  const key = await pemOf(host, user, 'client-key', where);
  if ((cert === undefined) !== (key === undefined)) {
    const [found, missing] = cert === undefined ? ['key', 'certificate'] : ['certificate', 'key'];
    throw new ConfigurationError(
      `${where}: found client-${found} without client-${missing}: give both, or none`,
    );
  }
  return {
    ...(token !== undefined && { token }),
    headers: { ...(basic !== undefined && { authorization: basic }), ...impersonationHeaders(user, where) },
    tls: { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
  };
}

/** A file comes first as long as it can be read, as in client-go. */
async function tokenOf(user: User, host: Host, where: string): Promise<string | undefined> {
  const { token, tokenFile } = user;
  const constant = token === undefined ? undefined : bearerToken(token, `${where}.token`);
  if (tokenFile === undefined) return constant;
  try {
    const text = await fileText(
      host,
      tokenFile,
      `${where}.tokenFile`,
      'correct the path, or put the file there',
    );
    return bearerToken(text, `${where}.tokenFile (${tokenFile})`);
  } catch (error) {
    if (constant === undefined) throw error;
    return constant;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7617 */
function basicAuthentication({ username, password }: User, where: string): string | undefined {
  if (username === undefined && password === undefined) return undefined;
  if (username === undefined || username.includes(':')) {
    throw new ConfigurationError(`${where}: expected a username without colon beside password`);
  }
  return `Basic ${encodeBase64(`${username}:${password ?? ''}`)}`;
}
