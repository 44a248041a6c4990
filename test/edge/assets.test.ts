// The built Worker and its static assets: the same answers as from a server, whose code holds the texts.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetsPath } from '../../scripts/worker/assets.ts';
import { workerPath } from '../../scripts/worker/bundle.ts';
import type * as http from '../../src/http/app.ts';
import { createCa } from '../support/certificates.ts';
import { projectRoot } from '../support/sources.ts';
import { type RunningWorker, serviceObjects, startWorker } from '../support/workerd.ts';

const dist = join(projectRoot, 'dist');
const secret = 's3cret';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vmcp-assets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The Worker in a folder of its own, before an API server that is not there. */
async function start(name: string, assets?: string): Promise<RunningWorker> {
  const own = join(folder, name);
  await mkdir(own);
  await copyFile(join(dist, workerPath), join(own, 'workers.js'));
  return startWorker({
    folder: own,
    entry: 'workers.js',
    trusted: (await createCa()).cert,
    objects: serviceObjects(join(own, 'disk')),
    bindings: { SERVICE_TOKEN: secret, VMCP_KUBERNETES_SERVER: 'http://127.0.0.1:9' },
    ...(assets !== undefined && { assets }),
  });
}

const asking = (token: string | undefined): RequestInit =>
  token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };

describe('the Worker with its assets', () => {
  let worker: RunningWorker;
  let app: ReturnType<typeof http.createApp>;

  beforeAll(async () => {
    worker = await start('bound', join(dist, assetsPath));
    const { createApp, createDispatcher, createMemoryStore, token }: typeof http = await import(
      join(dist, 'http/app.js')
    );
    const store = createMemoryStore();
    const create = () => {
      throw new Error('nobody reports here');
    };
    const dispatcher = createDispatcher({ store, create });
    app = createApp({
      store,
      dispatcher,
      authenticate: token({ tokens: [{ name: 'all', token: secret, targets: ['*/*'] }] }),
    });
  });
  afterAll(() => worker.stop());

  /** What an answer says, without what is another in each. */
  async function said(answer: Response) {
    const ever = /(?<=nonce[-=]"?)[\w+/=]{16,}|(?<=data-now=")\d+/g;
    // Of the connection, the clock, and the request.
    const passing = [
      'connection',
      'content-length',
      'date',
      'keep-alive',
      'transfer-encoding',
      'x-request-id',
    ];
    const headers = [...answer.headers].filter(([name]) => !passing.includes(name));
    return {
      status: answer.status,
      headers: headers.map(([name, value]) => [name, value.replace(ever, '…')]).sort(),
      body: (await answer.text()).replace(ever, '…'),
    };
  }

  it.each(['/openapi.json', '/docs', '/'])('answers %s as a server does, every time', async path => {
    const expected = await said(await app.request(path, asking(secret)));
    expect(expected.status).toBe(200);
    expect(expected.body.length).toBeGreaterThan(5_000);
    expect(expected.body).not.toMatch(/\{\{\w+\}\}/);
    for (const _ of ['read from the binding', 'remembered']) {
      expect(await said(await fetch(worker.url + path, asking(secret)))).toStrictEqual(expected);
    }
  });

  it.each([undefined, 'wrong'])('shows no page to who says %s', async token => {
    const answer = await fetch(`${worker.url}/`, asking(token));
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toMatch(/<html|<style/);
  });

  it.each(['/page.html', '/docs.html', '/assets/page.html', '/assets/openapi.json'])(
    'has nothing at %s, where an asset might be',
    async path => {
      for (const token of [undefined, secret]) {
        const answer = await fetch(worker.url + path, asking(token));
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
      }
    },
  );
});

describe.each([
  ['without the binding', undefined, 'no such binding'],
  ['with the assets of something else', join(projectRoot, 'docs'), 'an answer of 404'],
])('the Worker %s', (name, assets, found) => {
  let worker: RunningWorker;

  beforeAll(async () => {
    worker = await start(name.replaceAll(' ', '-'), assets);
  });
  afterAll(() => worker.stop());

  it.each([
    ['/openapi.json', 'openapi.json'],
    ['/docs', 'docs.html'],
    ['/', 'page.html'],
  ])('says at %s that it is not set up, and its log what is missing', async (path, text) => {
    const answer = await fetch(worker.url + path, asking(secret));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      code: 'configuration',
      detail: 'This service is not set up as it has to be; its log says what is missing.',
    });
    await expect
      .poll(() => worker.log())
      .toContain(`Expected ${text} at the binding ASSETS, found ${found}. Bind it as wrangler.toml`);
  });

  it('does all else', async () => {
    const get = async (path: string) => (await fetch(worker.url + path, asking(secret))).status;
    expect(await get('/livez')).toBe(200);
    expect(await get('/metrics')).toBe(200);
    expect(await get('/v1/virtualmcpservers')).toBe(200);
    const accepted = await fetch(`${worker.url}/v1/namespaces/default/virtualmcpservers/demo/status`, {
      method: 'PUT',
      headers: { ...asking(secret).headers, 'content-type': 'application/json', prefer: 'respond-async' },
      body: '{"phase":"Ready"}',
    });
    expect(accepted.status).toBe(202);
  });
});
