import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries, findKubectl } from './binaries.ts';

describe('findBinaries', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vmcp-binaries-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('refuses a KUBEBUILDER_ASSETS directory that lacks a program, and says how to get them', async () => {
    await expect(findBinaries({ KUBEBUILDER_ASSETS: dir })).rejects.toThrow(
      /no executable kube-apiserver and etcd in it\.\n(.|\n)*set KUBEBUILDER_ASSETS(.|\n)*install Go/,
    );
  });

  it('takes both from KUBEBUILDER_ASSETS', async () => {
    for (const name of ['kube-apiserver', 'etcd']) await writeFile(join(dir, name), '', { mode: 0o755 });
    expect(await findBinaries({ KUBEBUILDER_ASSETS: dir })).toEqual({
      kubeApiserver: join(dir, 'kube-apiserver'),
      etcd: join(dir, 'etcd'),
      origin: `KUBEBUILDER_ASSETS=${dir}`,
    });
  });

  it('takes kubectl from there too, and says how to get it where it is not', async () => {
    await expect(findKubectl({ KUBEBUILDER_ASSETS: dir })).rejects.toThrow(
      /no executable kubectl in it\.\n(.|\n)*set KUBEBUILDER_ASSETS/,
    );
    await writeFile(join(dir, 'kubectl'), '', { mode: 0o755 });
    expect(await findKubectl({ KUBEBUILDER_ASSETS: dir })).toBe(join(dir, 'kubectl'));
  });

  it('fails where nothing was built before and there is no Go, and says how to get them', async () => {
    await expect(
      findBinaries({ XDG_CACHE_HOME: join(dir, 'cache'), PATH: join(dir, 'empty') }),
    ).rejects.toThrow(/building etcd failed after \d+ s: spawn go ENOENT\n(.|\n)*install Go/);
  });
});
