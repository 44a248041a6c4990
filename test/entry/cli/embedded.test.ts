import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { file, start } from './support.ts';

describe('vmcp-status embedded', () => {
  it('replaces a kubeconfig that it wrote, so that the next start leads to the next server', async () => {
    const path = await file('', 'kubeconfig');
    const servers = [];
    for (const _ of ['first', 'second']) {
      const { ended, seen, interrupt } = start(['embedded', '--write-kubeconfig', path]);
      const [, url] = await seen(/listens on (\S+)/);
      const { clusters } = parse(await readFile(path, 'utf8'));
      servers.push(clusters[0].cluster.server === url);
      interrupt();
      expect(await ended).toBe(0);
    }
    expect(servers).toStrictEqual([true, true]);
  });

  it('leaves a kubeconfig alone that somebody else wrote', async () => {
    const clusters = 'apiVersion: v1\nkind: Config\nclusters: [{ name: prod }]\n';
    const path = await file(clusters, 'kubeconfig');
    const { ended, err } = start(['embedded', '--write-kubeconfig', path]);
    expect(await ended).toBe(2);
    expect(err()).toContain(`found another one at ${path}`);
    expect(await readFile(path, 'utf8')).toBe(clusters);
  });
});
