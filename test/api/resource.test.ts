import { describe, expect, it } from 'vitest';
import { Call } from '../../src/api/call.ts';
import { createResource } from '../../src/api/resource.ts';
import { undeclaredFields } from '../../src/api/undeclared-fields.ts';
import { type Answer, failure, scripted } from './support.ts';

const object = (resourceVersion: string): Answer => ({ body: { metadata: { resourceVersion } } });
const pageNotFound: Answer = {
  status: 404,
  body: '404 page not found\n',
  headers: { 'content-type': 'text/plain' },
};
const group = (...versions: string[]): Answer => ({
  body: { versions: versions.map(version => ({ version })) },
});
const call = () => new Call(10_000);

function resource(answers: Answer[]) {
  const server = scripted(answers);
  const paths = () =>
    server.requests.map(({ method, url }) => `${method} ${url.replace('https://api.test', '')}`);
  return { ...createResource(server.client, { namespace: 'ns', name: 'demo' }, 'me'), paths };
}
const base = '/apis/toolhive.stacklok.dev/v1beta1/namespaces/ns/virtualmcpservers/demo';

describe('the served version', () => {
  it('is asked for only when the best one is not there, and remembered', async () => {
    const r = resource([pageNotFound, group('v1', 'v1alpha1'), object('1'), object('2')]);
    await r.read(call());
    await r.read(call());
    const alpha = base.replace('v1beta1', 'v1alpha1');
    expect(r.paths()).toEqual([
      `GET ${base}`,
      'GET /apis/toolhive.stacklok.dev',
      `GET ${alpha}`,
      `GET ${alpha}`,
    ]);
  });

  it('is the other one where discovery is forbidden', async () => {
    const r = resource([pageNotFound, failure(403, 'Forbidden'), object('1')]);
    expect(await r.read(call())).toEqual({ metadata: { resourceVersion: '1' } });
  });

  it('that nobody here speaks is an error that says so', async () => {
    const r = resource([pageNotFound, group('v2')]);
    await expect(r.read(call())).rejects.toThrow(
      /serves toolhive.stacklok.dev only in v2; this package speaks v1beta1 and v1alpha1/,
    );
  });

  it('of a group that is not installed is an error that names the definition', async () => {
    const r = resource([pageNotFound]);
    await expect(r.read(call())).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('virtualmcpservers.toolhive.stacklok.dev'),
    });
  });

  it('is not asked for when only the object is missing', async () => {
    const r = resource([failure(404, 'NotFound')]);
    await expect(r.read(call())).rejects.toMatchObject({ code: 'not_found' });
    expect(r.paths()).toHaveLength(1);
  });
});

describe('reading', () => {
  it('falls back to the status, then to a patch that changes nothing and still names its field manager', async () => {
    const r = resource([failure(403, 'Forbidden'), failure(403, 'Forbidden'), object('7'), object('8')]);
    await r.read(call());
    await r.read(call());
    const patch = `PATCH ${base}/status?fieldManager=me`;
    expect(r.paths()).toEqual([`GET ${base}`, `GET ${base}/status`, patch, patch]);
    expect(await r.resourceVersion('8', call())).toBeUndefined();
  });
});

describe('the resourceVersion now', () => {
  it('is asked of the cache, not older than what is known', async () => {
    const r = resource([object('7')]);
    expect(await r.resourceVersion('7', call())).toBe('7');
    expect(r.paths()).toEqual([`GET ${base}?includeObject=None&resourceVersion=7`]);
  });

  it('is asked consistently where the cache has not come that far', async () => {
    const tooLarge = failure(504, 'Timeout', {
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
    const r = resource([tooLarge, object('7')]);
    expect(await r.resourceVersion('7', call())).toBe('7');
    expect(r.paths()[1]).toBe(`GET ${base}?includeObject=None`);
  });

  it('finds another way when the right to read was taken away', async () => {
    const r = resource([failure(403, 'Forbidden'), failure(403, 'Forbidden'), object('8')]);
    expect(await r.resourceVersion('7', call())).toBe('8');
    expect(r.paths().at(-1)).toBe(`GET ${base}/status`);
  });
});

describe('fields that an apply was refused for', () => {
  it('are found in the message, list and all', async () => {
    const message = [
      'failed to create typed patch object (ns/demo; toolhive.stacklok.dev/v1beta1, Kind=VirtualMCPServer): errors:',
      '  .status.discoveredBackends[name="a"].mcpRevision: field not declared in schema',
      '  .status.discoveredBackends[name="b.c]"].mcpRevision: field not declared in schema',
      '  .status.conditions[type="Ready"].observedGeneration: field not declared in schema',
      '  .status.backendCount: field not declared in schema',
    ].join('\n');
    const r = resource([{ status: 500, body: { kind: 'Status', message } }]);
    const error = await r.read(call()).catch(error => error);
    expect(undeclaredFields(error)).toEqual([
      'discoveredBackends.mcpRevision',
      'conditions.observedGeneration',
      'backendCount',
    ]);
    expect(undeclaredFields(new Error(message))).toEqual([]);
  });
});
