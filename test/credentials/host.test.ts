import { describe, expect, it } from 'vitest';
import { host as machine } from '../../src/credentials/host/node.ts';
import { host as none } from '../../src/credentials/host/none.ts';
import { isConfigurationError } from '../../src/errors.ts';

describe('the hosts', () => {
  it('have the same members', () => {
    expect(Object.keys(none).sort()).toEqual(Object.keys(machine).sort());
  });
});

describe('a runtime without files and processes', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['/etc/kube/token', () => none.readTextFile('/etc/kube/token')],
    ['aws-iam-authenticator', () => none.run('aws-iam-authenticator', [], { env: {}, timeout: 1 })],
    ['home directory', async () => none.homeDirectory()],
  ])('says so of %s, and what to do instead', async (what, work) => {
    const error = await work()
      .then(() => expect.unreachable('expected a rejection'))
      .catch(reason => reason);
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain(what);
    expect(error.message).toContain('VMCP_KUBECONFIG');
  });
});
