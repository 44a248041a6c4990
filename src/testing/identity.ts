/** Who sends a request. */

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** May do everything: what an API server's own administrator certificate says. */
export const administrator: User = {
  name: 'system:admin',
  groups: ['system:masters', 'system:authenticated'],
};

/** Who sends no credential at all. */
export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Groups that every ServiceAccount is in. */
export function serviceAccountUser(namespace: string, name: string, uid?: string): User {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups,
    ...(uid === undefined ? {} : { uid }),
  };
}
