/**
 * The issue of a ServiceAccount's tokens.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
 */
import { answer, type Call, jsonBody } from './call.ts';
import { invalidValue } from './field-fault.ts';
import { serviceAccountUser } from './identity.ts';
import { isObject } from './json.ts';
import { toTime } from './object.ts';
import { invalid, notFound, unknownMethod } from './status-error.ts';
import { defaultAudience } from './tokens.ts';

const leastSeconds = 600;
const defaultSeconds = 3600;

/** POST `…/serviceaccounts/<name>/token`. */
export function answerTokenRequest(call: Call): Response {
  const { namespace, name, verb } = call.info;
  const { store, tokens } = call.cluster;
  if (verb !== 'create') throw unknownMethod();
  const account = store.get('serviceaccounts', namespace, name);
  if (account === undefined) throw notFound({ group: '', resource: 'serviceaccounts' }, name);
  const body = jsonBody(call);
  const spec = isObject(body.spec) ? body.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : defaultSeconds;
  if (seconds < leastSeconds) {
    const fault = invalidValue(
      'spec.expirationSeconds',
      seconds,
      'may not specify a duration less than 10 minutes',
    );
    throw invalid({ group: 'authentication.k8s.io', resource: 'TokenRequest' }, '', [fault]);
  }
  const given = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
  const audiences = given.length === 0 ? [defaultAudience] : given;
  const now = call.cluster.now();
  const expiresAt = new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000);
  const uid = account.metadata.uid ?? '';
  const user = serviceAccountUser(namespace, name, uid);
  const token = tokens.issue({ user, expiresAt, now, serviceAccount: { namespace, name, uid }, audiences });
  return answer(call, 201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: toTime(now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
    status: { token, expirationTimestamp: toTime(expiresAt) },
  });
}
