import { describe, expect, it } from 'vitest';
import { parseKubeconfig } from '../../../src/credentials/kubeconfig/parse.ts';
import { isConfigurationError } from '../../../src/errors.ts';

const yaml = `
apiVersion: v1
kind: Config
current-context: prod
preferences: {colors: true}
clusters:
- name: prod
  cluster:
    server: https://api.example:6443/prefix
    certificate-authority-data: Q0E=
    insecure-skip-tls-verify: false
    tls-server-name: kubernetes
    something-new: 1
contexts:
- name: prod
  context: {cluster: prod, user: me, namespace: gateways}
users:
- name: me
  user:
    token: secret
    as: jane
    as-groups: [viewers, editors]
    as-user-extra:
      reason: ["", other]
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: login
      args: ["--flag", ""]
      env:
      - {name: REGION, value: ""}
      provideClusterInfo: true
`;

describe('parseKubeconfig', () => {
  it('reads YAML and leaves out what it does not know', () => {
    expect(parseKubeconfig(yaml)).toEqual({
      'current-context': 'prod',
      clusters: [
        {
          name: 'prod',
          cluster: {
            server: 'https://api.example:6443/prefix',
            'certificate-authority-data': 'Q0E=',
            'insecure-skip-tls-verify': false,
            'tls-server-name': 'kubernetes',
          },
        },
      ],
      contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me', namespace: 'gateways' } }],
      users: [
        {
          name: 'me',
          user: {
            token: 'secret',
            as: 'jane',
            'as-groups': ['viewers', 'editors'],
            'as-user-extra': { reason: ['', 'other'] },
          },
        },
        {
          name: 'plugin',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'login',
              args: ['--flag', ''],
              env: [{ name: 'REGION', value: '' }],
              provideClusterInfo: true,
            },
          },
        },
      ],
    });
  });

  it('reads JSON', () => {
    const config = parseKubeconfig(yaml);
    expect(parseKubeconfig(JSON.stringify(config, null, '\t'))).toEqual(config);
  });

  it.each(['', '\n', '{}', 'clusters:\nusers: null\ncontexts: []\ncurrent-context: ""'])(
    'takes %j as empty',
    content => {
      expect(parseKubeconfig(content)).toEqual({ clusters: [], contexts: [], users: [] });
    },
  );

  it('resolves anchors', () => {
    const config = parseKubeconfig(`
common: &common {server: https://api.example}
clusters:
- {name: a, cluster: {<<: *common, tls-server-name: a}}
`);
    expect(config.clusters[0]?.cluster).toEqual({ server: 'https://api.example', 'tls-server-name': 'a' });
  });

  it.each([
    [
      'users: [{name: me, user: {token: 12345678}}]',
      'users[0].user.token: expected text, found a number; put it in quotes',
    ],
    ['users: [{name: me, user: {token: [hush]}}]', 'users[0].user.token: expected text, found a list'],
    ['users: [{user: {token: hush}}]', 'users[0].name: expected a value, found none'],
    ['users: {me: {token: hush}}', 'users: expected a list, found a mapping'],
    ['users: [hush]', 'users[0]: expected a mapping, found a string'],
    [
      'users: [{name: me, user: {exec: {env: [{value: hush}]}}}]',
      'users[0].user.exec.env[0].name: expected a value',
    ],
    [
      'clusters: [{name: c, cluster: {insecure-skip-tls-verify: "true"}}]',
      'insecure-skip-tls-verify: expected true or false',
    ],
    ['current-context: [hush]', 'current-context: expected text, found a list'],
    ['hush', 'expected a mapping, found a string'],
    ['users:\n- name: me\n  user: {token: hush', 'line 3'],
    ['a: 1\na: hush', 'line 2, column 1 (DUPLICATE_KEY)'],
    ['a: "hush', 'line 1'],
    ['a: *hush', 'aliases that cannot be resolved'],
    ['{"users": hush', 'expected YAML or JSON'],
  ])('refuses %j, and says where without quoting', (content, expected) => {
    const error = (() => {
      try {
        return parseKubeconfig(content, '/home/me/.kube/config');
      } catch (error) {
        return error as Error;
      }
    })() as Error;
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain('/home/me/.kube/config: ');
    expect(error.message).toContain(expected);
    expect(error.message).not.toMatch(/hush|12345678/);
    expect(error.cause).toBeUndefined();
  });
});
