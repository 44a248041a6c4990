import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeKubeconfigs } from '../../../src/credentials/kubeconfig/merge.ts';
import type { Kubeconfig } from '../../../src/credentials/kubeconfig/types.ts';

// Few names, so that files collide.
const name = fc.constantFrom('a', 'b', 'c', 'd');
const byName = { selector: ({ name }: { name: string }) => name, maxLength: 4 };
const kubeconfig: fc.Arbitrary<Kubeconfig> = fc
  .record(
    {
      'current-context': name,
      clusters: fc.uniqueArray(
        fc.record({
          name,
          cluster: fc.record({ server: fc.webUrl(), 'tls-server-name': name }, { requiredKeys: [] }),
        }),
        byName,
      ),
      contexts: fc.uniqueArray(
        fc.record({
          name,
          context: fc.record({ cluster: name, user: name, namespace: name }, { requiredKeys: [] }),
        }),
        byName,
      ),
      users: fc.uniqueArray(
        fc.record({
          name,
          user: fc.record({ token: fc.string(), username: name }, { requiredKeys: [] }),
        }),
        byName,
      ),
    },
    { requiredKeys: ['clusters', 'contexts', 'users'] },
  )
  .map(config => config as Kubeconfig);
const files = fc.array(kubeconfig, { maxLength: 5 });
const empty: Kubeconfig = { clusters: [], contexts: [], users: [] };
const lists = ['clusters', 'contexts', 'users'] as const;

describe('mergeKubeconfigs', () => {
  it('takes every entry, whole, from the first file that has one of its name, and no other', () => {
    fc.assert(
      fc.property(files, configs => {
        const merged = mergeKubeconfigs(configs);
        for (const list of lists) {
          const names = new Set(configs.flatMap(config => config[list].map(entry => entry.name)));
          expect(merged[list].map(entry => entry.name).sort()).toEqual([...names].sort());
          for (const entry of merged[list]) {
            const owner = configs.find(config => config[list].some(other => other.name === entry.name));
            expect(entry).toBe(owner?.[list].find(other => other.name === entry.name));
          }
        }
      }),
    );
  });

  it('takes the current context of the first file that sets one', () => {
    fc.assert(
      fc.property(files, configs => {
        const expected = configs.find(config => 'current-context' in config)?.['current-context'];
        expect(mergeKubeconfigs(configs)['current-context']).toBe(expected);
      }),
    );
  });

  it('is associative, so that it does not matter how files are grouped', () => {
    fc.assert(
      fc.property(files, files, (left, right) => {
        expect(mergeKubeconfigs([mergeKubeconfigs(left), mergeKubeconfigs(right)])).toEqual(
          mergeKubeconfigs([...left, ...right]),
        );
      }),
    );
  });

  it('changes nothing for an empty file, or for the same file again', () => {
    fc.assert(
      fc.property(kubeconfig, files, (config, others) => {
        expect(mergeKubeconfigs([config])).toEqual(config);
        expect(mergeKubeconfigs([empty, config, empty])).toEqual(config);
        expect(mergeKubeconfigs([config, ...others, config])).toEqual(mergeKubeconfigs([config, ...others]));
      }),
    );
  });

  it('does not mix two users of the same name', () => {
    const one = { ...empty, users: [{ name: 'red', user: { username: 'red' } }] };
    const two = { ...empty, users: [{ name: 'red', user: { password: 'secret' } }] };
    expect(mergeKubeconfigs([one, two]).users).toEqual(one.users);
  });
});
