import { type IssuerDocument, readIssuer, readKeySet } from '../../api/issuer.ts';
import type { ApiRequest } from '../../api/requests.ts';
import { StatusReporterError } from '../../errors.ts';
import type { Credentials } from '../../types.ts';
import type { Authenticate } from '../model.ts';
import { asService, type ClusterOptions, createAsk } from './cluster.ts';
import type { JwtVerification } from './jwt.ts';
import { remoteKeys } from './key-set.ts';
import { verifying } from './verify.ts';

export interface ServiceAccountJwtOptions extends JwtVerification, ClusterOptions {
  /** Reach the cluster's API server; any ServiceAccount's will do. */
  readonly credentials: Credentials;
  /**
   * What `aud` of a token must have, or one of these: `kubectl create token NAME --audience vmcp-status-reporter`. A token
   * for the API server itself is worth more than a report, and better not sent anywhere else. Default
   * `vmcp-status-reporter`.
   */
  readonly audience?: string | readonly string[];
  /** What `iss` must be. Default: what the API server says of itself. */
  readonly issuer?: string | readonly string[];
}

const instead =
  'Bind the ClusterRole system:service-account-issuer-discovery to the identity of the service; ServiceAccounts of the cluster have it';

/**
 * Tokens of the ServiceAccounts of a cluster, verified with the keys that its own API server hands out. Deleted
 * ServiceAccounts are not noticed before their tokens expire: `review` does.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 * @throws ConfigurationError
 */
export function serviceAccountJwt(options: ServiceAccountJwtOptions): Authenticate {
  const { credentials, audience = 'vmcp-status-reporter' } = options;
  const ask = createAsk(options);
  const get = <T>(request: ApiRequest, what: string): Promise<T> =>
    asService(ask<T>(credentials, request, what), instead);
  let issuer = options.issuer ?? [];

  async function discover(): Promise<string> {
    const document = await get<IssuerDocument>(
      readIssuer(),
      'Reading who issues the tokens of ServiceAccounts',
    );
    if (typeof document.issuer === 'string' && document.issuer !== '') return document.issuer;
    throw new StatusReporterError('protocol', 'Expected the API server to name itself as issuer of tokens.');
  }

  // Where it is, the credentials know.
  const url = new URL('https://kubernetes.default.svc/openid/v1/jwks');
  const fetch = async () => {
    // With its keys: an API server may be given another name as well.
    if (options.issuer === undefined) issuer = await discover();
    return Response.json(await get<object>(readKeySet(), 'Reading the public keys of the cluster'));
  };
  return verifying({ ...options, audience, issuer: () => issuer, keys: remoteKeys(url, fetch, options) });
}
