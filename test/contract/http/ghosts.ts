// What stays behind when a Go-style writer (GET and PUT of the whole status) works on the same object: fields that nobody
// applies any more, but that its PUT still holds. And how to remove them.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { condition, createSubject, entriesOf, expectOk, keys } from './subject.ts';

const gateway = { manager: 'gateway' };
const operator = { manager: 'operator' };

export function ghostCases(target: () => Target): void {
  it('ghosts: backends and conditions that a Go-style PUT created stay when we drop them', async () => {
    const subject = await createSubject(target());
    const all = {
      conditions: [condition('A'), condition('B')],
      discoveredBackends: [{ name: 'a' }, { name: 'b' }],
    };
    const less = { conditions: [condition('A')], discoveredBackends: [{ name: 'a' }] };
    expectOk(await subject.putStatus(all, operator));
    expectOk(await subject.apply(all, gateway));
    const after = expectOk(await subject.apply(less, gateway));
    expect(keys(after.status.conditions)).toEqual(['A', 'B']);
    expect(keys(after.status.discoveredBackends)).toEqual(['a', 'b']);
  });

  it('ghosts: so do those of ours that another PUT removed and a later one brought back', async () => {
    const subject = await createSubject(target());
    const all = { discoveredBackends: [{ name: 'a' }, { name: 'b' }] };
    expectOk(await subject.apply(all, gateway));
    expectOk(await subject.putStatus({ discoveredBackends: [{ name: 'a' }] }, operator));
    expectOk(await subject.putStatus(all, operator));
    const after = expectOk(await subject.apply({ discoveredBackends: [{ name: 'a' }] }, gateway));
    expect(keys(after.status.discoveredBackends)).toEqual(['a', 'b']);
  });

  it('an item that only we created goes as a whole, with the members that others changed or added', async () => {
    const subject = await createSubject(target());
    expectOk(
      await subject.apply({ discoveredBackends: [{ name: 'a' }, { name: 'b', status: 'ready' }] }, gateway),
    );
    const changed = {
      discoveredBackends: [{ name: 'a' }, { name: 'b', status: 'unknown', url: 'http://operator' }],
    };
    expectOk(await subject.putStatus(changed, operator));
    const after = expectOk(await subject.apply({ discoveredBackends: [{ name: 'a' }] }, gateway));
    expect(after.status.discoveredBackends).toEqual([{ name: 'a' }]);
  });

  it('a PUT that leaves phase out owns the default that it caused', async () => {
    const subject = await createSubject(target());
    const after = expectOk(await subject.putStatus({ message: 'm' }, operator));
    expect(after.status).toEqual({ phase: 'Pending', message: 'm' });
    expect(entriesOf(after, 'operator')[0].fieldsV1['f:status']).toEqual({
      '.': {},
      'f:message': {},
      'f:phase': {},
    });
  });

  it('a PUT that changes nothing of ours makes no ghosts', async () => {
    const subject = await createSubject(target());
    const { status } = expectOk(
      await subject.apply({ discoveredBackends: [{ name: 'a' }, { name: 'b' }] }, gateway),
    );
    expectOk(await subject.putStatus({ ...status, url: 'http://operator' }, operator));
    const after = expectOk(await subject.apply({ discoveredBackends: [{ name: 'a' }] }, gateway));
    expect(after.status.discoveredBackends).toEqual([{ name: 'a' }]);
    expect(after.status.url).toBe('http://operator');
  });

  it('a ghost leaf: a member that only the other writer set survives our apply of the same item', async () => {
    const subject = await createSubject(target());
    expectOk(
      await subject.putStatus({ discoveredBackends: [{ name: 'a', circuitBreakerState: 'open' }] }, operator),
    );
    const after = expectOk(
      await subject.apply({ discoveredBackends: [{ name: 'a', status: 'ready' }] }, gateway),
    );
    expect(after.status.discoveredBackends).toEqual([
      { name: 'a', status: 'ready', circuitBreakerState: 'open' },
    ]);
  });

  it('a JSON patch that only removes takes ghosts away, and everybody’s claim on them', async () => {
    const subject = await createSubject(target());
    const put = {
      discoveredBackends: [
        { name: 'a', circuitBreakerState: 'open' },
        { name: 'ghost', url: 'u' },
      ],
    };
    expectOk(await subject.putStatus(put, operator));
    const { metadata } = expectOk(await subject.apply({ discoveredBackends: [{ name: 'a' }] }, gateway));
    const after = expectOk(
      await subject.jsonPatch(
        [
          { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
          { op: 'remove', path: '/status/discoveredBackends/1' },
          { op: 'remove', path: '/status/discoveredBackends/0/circuitBreakerState' },
        ],
        gateway,
      ),
    );
    expect(after.status.discoveredBackends).toEqual([{ name: 'a' }]);
    expect(JSON.stringify(after.metadata.managedFields)).not.toContain('ghost');
    expect(entriesOf(after, 'gateway')).toMatchObject([{ operation: 'Apply' }]);
    const emptied = expectOk(await subject.apply({}, gateway));
    expect(keys(emptied.status?.discoveredBackends)).toEqual(['a']); // the operator's PUT still holds the item
  });

  it('what the same manager once wrote by PUT is not released by its apply', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.putStatus({ phase: 'Ready', message: 'put' }, gateway));
    const applied = expectOk(await subject.apply({ phase: 'Ready' }, gateway));
    expect(applied.status).toEqual({ phase: 'Ready', message: 'put' });
    const operations = entriesOf(applied, 'gateway').map(entry => entry.operation);
    expect(operations.sort()).toEqual(['Apply', 'Update']);
  });
}
