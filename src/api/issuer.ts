/**
 * What the API server tells of itself as an issuer of ServiceAccount tokens. Pure.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 */

import type { ApiRequest } from './requests.ts';

/** Its OpenID discovery document, as far as it is used. */
export interface IssuerDocument {
  readonly issuer?: unknown;
}

/** Reads the {@link IssuerDocument}. */
export function readIssuer(): ApiRequest {
  return get('/.well-known/openid-configuration', 'application/json');
}

/** Reads the JSON Web Key Set (RFC 7517) that tokens are verified with. */
export function readKeySet(): ApiRequest {
  return get('/openid/v1/jwks', 'application/jwk-set+json, application/json');
}

function get(path: string, accept: string): ApiRequest {
  return { method: 'GET', path, accept };
}
