import { describe, expect, it } from 'vitest';
import { createFakeApiServer } from '../../src/testing/index.ts';

async function get(path: string, api = createFakeApiServer()): Promise<any> {
  const answer = await api.fetch(path);
  return answer.ok ? answer.json() : answer.status;
}

const path = '/openapi/v3/apis/toolhive.stacklok.dev/v1beta1';
const kind = { group: 'toolhive.stacklok.dev', version: 'v1beta1', kind: 'VirtualMCPServer' };

describe('the OpenAPI documents of the fake', () => {
  it('are listed, one for each group and version', async () => {
    const { paths } = await get('/openapi/v3');
    expect(paths['apis/toolhive.stacklok.dev/v1beta1']).toStrictEqual({ serverRelativeURL: path });
    for (const { serverRelativeURL } of Object.values<any>(paths)) {
      expect(await get(serverRelativeURL)).toMatchObject({ openapi: '3.0.0' });
    }
  });

  it('tell kubectl that the server validates fields itself', async () => {
    const { paths } = await get(path);
    const { patch } =
      paths['/apis/toolhive.stacklok.dev/v1beta1/namespaces/{namespace}/virtualmcpservers/{name}'];
    expect(patch).toMatchObject({ 'x-kubernetes-group-version-kind': kind });
    expect(patch.parameters).toContainEqual(
      expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
    );
  });

  it('have the schema that objects are validated with', async () => {
    const { schemas } = (await get(path)).components;
    const schema = schemas['dev.stacklok.toolhive.v1beta1.VirtualMCPServer'];
    expect(schema['x-kubernetes-group-version-kind']).toStrictEqual([kind]);
    expect(schema.properties.status.properties.phase.enum).toContain('Degraded');
    expect(schema.properties.status.properties).not.toHaveProperty('timestamp');
  });

  it('are not there for versions that are not served', async () => {
    const api = createFakeApiServer({ versions: ['v1alpha1'] });
    expect(await get(path, api)).toBe(404);
    expect(await get('/openapi/v3/apis/nobody/v1', api)).toBe(404);
  });
});
