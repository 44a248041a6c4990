/**
 * Acting as somebody else, by the `Impersonate-*` headers.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
import { type AccessAttributes, type Authorizer, denial } from './authorization.ts';
import { serviceAccountUser, type User } from './identity.ts';
import { forbidden } from './status-error.ts';

/**
 * Who the request counts as.
 *
 * @throws StatusError 403 where `user` may not act as them
 */
export function impersonate(request: Request, user: User, authorizer: Authorizer): User {
  const name = request.headers.get('impersonate-user');
  if (name === null) return user;
  const groups = (request.headers.get('impersonate-group') ?? '')
    .split(',')
    .map(group => group.trim())
    .filter(group => group !== '');
  const [, namespace = '', account = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  const wanted = [
    account === '' ? attributes('users', '', name) : attributes('serviceaccounts', namespace, account),
    ...groups.map(group => attributes('groups', '', group)),
  ];
  for (const attribute of wanted) {
    if (authorizer.decide(user, attribute).allowed) continue;
    throw forbidden({ group: '', resource: attribute.resource }, attribute.name, denial(user, attribute));
  }
  if (account !== '' && groups.length === 0) return serviceAccountUser(namespace, account);
  return { name, groups: [...new Set([...groups, 'system:authenticated'])] };
}

function attributes(resource: string, namespace: string, name: string): AccessAttributes {
  return { verb: 'impersonate', group: '', resource, subresource: '', namespace, name };
}
