// ServiceAccounts with real RBAC and real TokenRequest tokens.
import type { RestClient } from './rest-client.ts';
import { waitFor } from './wait.ts';

export interface Rule {
  verbs: string[];
  resources: string[];
  /** Default: `toolhive.stacklok.dev`. */
  apiGroups?: string[];
  resourceNames?: string[];
}

export interface Identity {
  readonly name: string;
  readonly namespace: string;
  /** A JWT that the API server signed. */
  readonly token: string;
  /** A kubeconfig (JSON, which is YAML) with this token and the namespace as default. */
  readonly kubeconfig: string;
}

export interface Identities {
  create(namespace: string, rules: Rule[], options?: { expirationSeconds?: number }): Promise<Identity>;
  revoke(identity: Identity): Promise<void>;
  renew(identity: Identity): Promise<Identity>;
}

let counter = 0;

export function createIdentities(rest: RestClient, server: string, ca: string): Identities {
  async function post(path: string, body: object): Promise<any> {
    const answer = await rest.request('POST', path, { body });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  async function issue(namespace: string, name: string, expirationSeconds: number): Promise<Identity> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const answer = await post(path, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds },
    });
    const token: string = answer.status.token;
    return { name, namespace, token, kubeconfig: kubeconfigFor({ server, ca, namespace, name, token }) };
  }

  const accounts = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts`;

  return {
    async create(namespace, rules, { expirationSeconds = 3600 } = {}) {
      const name = `identity-${++counter}-${Math.random().toString(36).slice(2, 8)}`;
      await post(accounts(namespace), { metadata: { name } });
      if (rules.length > 0) {
        const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
        const withGroups = rules.map(rule => ({ apiGroups: ['toolhive.stacklok.dev'], ...rule }));
        await post(`${rbac}/roles`, { metadata: { name }, rules: withGroups });
        await post(`${rbac}/rolebindings`, {
          metadata: { name },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
          subjects: [{ kind: 'ServiceAccount', name, namespace }],
        });
        await allowed(withGroups, namespace, `system:serviceaccount:${namespace}:${name}`);
      }
      return issue(namespace, name, expirationSeconds);
    },

    /**
     * Makes the token invalid by deleting its ServiceAccount, and resolves when the API server really answers 401.
     * Measured: a token that was
     * not used in the last 10 s is refused within milliseconds; one that was is still accepted for the rest of the 10 s
     * that the API server caches a successful authentication.
     */
    async revoke({ namespace, name, token }) {
      await rest.request('DELETE', `${accounts(namespace)}/${name}`);
      const refused = async () => (await rest.request('GET', '/api', { token })).status === 401;
      await waitFor(`the token of ${name} to be refused`, refused, { interval: 200 });
    },

    /** A new token for the same name and the same rights, also after `revoke`. */
    async renew({ namespace, name }) {
      const account = await rest.request('POST', accounts(namespace), { body: { metadata: { name } } });
      if (account.status !== 201 && account.status !== 409)
        throw new Error(`ServiceAccount ${name}: ${account.text}`);
      return issue(namespace, name, 3600);
    },
  };

  /** Roles reach the authorizer through an informer, a moment after they were created. */
  async function allowed(
    rules: Required<Pick<Rule, 'apiGroups'>>[] & Rule[],
    namespace: string,
    user: string,
  ): Promise<void> {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    for (const rule of rules) {
      for (const group of rule.apiGroups ?? []) {
        for (const verb of rule.verbs) {
          for (const name of rule.resourceNames ?? ['']) {
            for (const entry of rule.resources) {
              const [resource, subresource] = entry.split('/');
              const resourceAttributes = { namespace, verb, group, resource, subresource, name };
              const ask = async () =>
                (await post(path, { spec: { user, resourceAttributes } })).status.allowed === true;
              await waitFor(`${user} to be allowed to ${verb} ${entry}`, ask);
            }
          }
        }
      }
    }
  }
}

interface KubeconfigParts {
  server: string;
  ca: string;
  namespace: string;
  name: string;
  token: string;
}

function kubeconfigFor({ server, ca, namespace, name, token }: KubeconfigParts): string {
  const cluster = { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: name, namespace } }],
    'current-context': 'e2e',
  });
}
