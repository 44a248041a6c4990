import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { createCa } from '../support/certificates.ts';
import { bareEnvironment, runProcess } from '../support/child-process.ts';
import { projectRoot } from '../support/sources.ts';
import { type RunningWorker, serviceObjects, startWorker } from '../support/workerd.ts';

const { assets } = unstable_readConfig({ config: join(projectRoot, 'wrangler.toml') });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vmcp-wrangler-'));
  const env = { ...bareEnvironment(folder), WRANGLER_SEND_METRICS: 'false', CI: 'true' };
  const args = ['deploy', '--dry-run', '--outdir', folder];
  await runProcess(join(projectRoot, 'node_modules', '.bin', 'wrangler'), args, {
    cwd: projectRoot,
    env,
    timeout: 250_000,
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what wrangler would deploy', () => {
  it('is no more than 60 kB', async () => {
    expect(gzipSync(await readFile(join(folder, 'workers.js'))).length).toBeLessThanOrEqual(60_000);
  });

  it('has what it serves and does not compute beside it, to be read by the Worker alone', async () => {
    expect(assets).toMatchObject({ binding: 'ASSETS', run_worker_first: true, html_handling: 'none' });
    expect((await readdir(join(projectRoot, assets!.directory!))).sort()).toStrictEqual([
      'docs.html',
      'openapi.json',
      'page.html',
    ]);
  });

  it('needs no module of Node', async () => {
    const code = await readFile(join(folder, 'workers.js'), 'utf8');
    expect(code).not.toMatch(/(?:from|import|require)\s*\(?\s*["']node:/);
  });

  describe('in workerd', () => {
    const api = createFakeApiServer({ objects: [{ namespace: 'default', name: 'demo' }] });
    const server = createServer(getRequestListener(request => api.app.fetch(request)));
    let worker: RunningWorker;

    beforeAll(async () => {
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      worker = await startWorker({
        folder,
        entry: 'workers.js',
        trusted: (await createCa()).cert,
        assets: join(projectRoot, assets!.directory!),
        objects: serviceObjects(join(folder, 'disk')),
        bindings: {
          SERVICE_TOKEN: 's3cret',
          VMCP_KUBERNETES_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
      });
    });

    afterAll(async () => {
      await worker?.stop();
      server.close().closeAllConnections();
    });

    const put = (body: object, token = 's3cret') =>
      fetch(`${worker.url}/v1/namespaces/default/virtualmcpservers/demo/status`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });

    it('reports', async () => {
      expect(await (await put({ phase: 'Ready' })).json()).toMatchObject({ outcome: 'applied' });
      expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
    });

    it('validates where no code may be generated', async () => {
      const answer = await put({ phase: 'Up', conditions: [{}], extra: 1 });
      expect(answer.status).toBe(422);
      const { issues } = (await answer.json()) as { issues: { path: string }[] };
      expect(issues.map(({ path }) => path)).toStrictEqual([
        '/phase',
        '/conditions/0/type',
        '/conditions/0/status',
        '/conditions/0/reason',
        '/extra',
      ]);
    });

    const get = async (path: string) => {
      const answer = await fetch(worker.url + path, { headers: { authorization: 'Bearer s3cret' } });
      return { status: answer.status, text: await answer.text() };
    };

    it('shows what was reported', async () => {
      expect(await get('/')).toMatchObject({ status: 200, text: expect.stringMatching(/^<!doctype html>/) });
      await expect.poll(async () => (await get('/')).text).toContain('id="server-default.demo"');
      const stream = await fetch(`${worker.url}/page/events`, {
        headers: { authorization: 'Bearer s3cret' },
      });
      const { value } = await stream.body!.pipeThrough(new TextDecoderStream()).getReader().read();
      expect(value).toContain('event: update');
    });

    it('counts it', async () => {
      await expect
        .poll(async () => (await get('/metrics')).text)
        .toMatch(/^vmcp_status_reporter_reports_total\{outcome="applied"\} [1-9]/m);
      const { text } = await get('/metrics');
      expect(text).toMatch(/^vmcp_status_reporter_report_duration_seconds_bucket\{le="\+Inf"\} [1-9]/m);
      expect(text).toMatch(/^vmcp_status_reporter_api_requests_total\{verb="patch",code="200"\} [1-9]/m);
    });

    it('documents itself', async () => {
      const document = await get('/openapi.json');
      expect(JSON.parse(document.text)).toStrictEqual(
        JSON.parse(await readFile(join(projectRoot, 'src/http/openapi.json'), 'utf8')),
      );
      expect(await get('/docs')).toMatchObject({
        status: 200,
        text: expect.stringContaining('reportStatus'),
      });
      expect(await get('/readyz?verbose')).toMatchObject({ status: 200 });
    });

    it('refuses who does not know the secret', async () => {
      expect((await put({ phase: 'Failed' }, 'wrong')).status).toBe(401);
      expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
    });
  });
});
