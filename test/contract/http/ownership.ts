// Who owns what: removal, shared fields, ghosts, conflicts, and how fields change hands.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { condition, createSubject, entriesOf, expectFailure, expectOk, keys } from './subject.ts';

const gateway = { manager: 'gateway' };
const operator = { manager: 'operator' };

export function ownershipCases(target: () => Target): void {
  it('what a manager stops applying is removed; its phase becomes the default', async () => {
    const subject = await createSubject(target());
    expectOk(
      await subject.apply(
        {
          phase: 'Ready',
          message: 'm',
          conditions: [condition('A'), condition('B')],
          discoveredBackends: [{ name: 'a', url: 'http://a', status: 'ready' }, { name: 'b' }],
        },
        gateway,
      ),
    );
    const after = expectOk(
      await subject.apply(
        { conditions: [condition('B')], discoveredBackends: [{ name: 'a', status: 'ready' }] },
        gateway,
      ),
    );
    expect(after.status).toEqual({
      phase: 'Pending',
      conditions: [condition('B')],
      discoveredBackends: [{ name: 'a', status: 'ready' }],
    });
  });

  it('what another manager applied too stays when one of them drops it', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready', discoveredBackends: [{ name: 'a', url: 'u' }] }, gateway));
    expectOk(await subject.apply({ phase: 'Ready', discoveredBackends: [{ name: 'a' }] }, operator));
    const after = expectOk(await subject.apply({ message: 'm' }, gateway));
    expect(after.status).toEqual({ phase: 'Ready', message: 'm', discoveredBackends: [{ name: 'a' }] });
    expect(expectOk(await subject.apply({}, operator)).status).toEqual({ phase: 'Pending', message: 'm' });
  });

  it('applying an empty status, or none, gives everything up', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ message: 'm' }, gateway));
    const emptied = expectOk(await subject.apply({}, gateway));
    expect(emptied.status?.message).toBeUndefined();
    const without = expectOk(await subject.apply(undefined, gateway));
    expect(entriesOf(without, 'gateway')).toEqual([]);
  });

  it('without force a different value of another’s field: 409 with a FieldManagerConflict for each field', async () => {
    const subject = await createSubject(target());
    expectOk(
      await subject.apply({ phase: 'Ready', discoveredBackends: [{ name: 'a', status: 'ready' }] }, gateway),
    );
    const before = await subject.get();
    const answer = await subject.apply(
      { phase: 'Failed', message: 'mine', discoveredBackends: [{ name: 'a', status: 'unknown' }] },
      { ...operator, force: false },
    );
    const message = 'conflict with "gateway" with subresource "status"';
    expectFailure(
      answer,
      409,
      'Conflict',
      [
        'Apply failed with 2 conflicts: conflicts with "gateway" with subresource "status":',
        '\n- .status.phase',
      ],
      [
        { reason: 'FieldManagerConflict', message, field: '.status.phase' },
        { reason: 'FieldManagerConflict', message, field: '.status.discoveredBackends[name="a"].status' },
      ],
    );
    expect(answer.json.details.causes).toHaveLength(2);
    expect(await subject.get()).toEqual(before);
  });

  it('a single conflict, with an Update: 409 naming the operation’s manager, version and time', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.putStatus({ phase: 'Ready' }, operator));
    const answer = await subject.apply({ phase: 'Failed' }, { ...gateway, force: false });
    expectFailure(answer, 409, 'Conflict', [
      'Apply failed with 1 conflict: conflict with "operator" with subresource "status" using toolhive.stacklok.dev/v1beta1',
      ': .status.phase',
    ]);
  });

  it('without force the same value is shared, not a conflict', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready' }, gateway));
    const after = expectOk(await subject.apply({ phase: 'Ready' }, { ...operator, force: false }));
    for (const manager of ['gateway', 'operator']) {
      expect(entriesOf(after, manager)[0].fieldsV1).toEqual({ 'f:status': { 'f:phase': {} } });
    }
  });

  it('with force the field changes hands', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready', message: 'm' }, operator));
    const after = expectOk(await subject.apply({ phase: 'Failed' }, gateway));
    expect(after.status).toEqual({ phase: 'Failed', message: 'm' });
    expect(entriesOf(after, 'operator')[0].fieldsV1).toEqual({ 'f:status': { 'f:message': {} } });
    expect(entriesOf(after, 'gateway')[0].fieldsV1).toEqual({ 'f:status': { 'f:phase': {} } });
  });

  it('a forced apply without a lock takes back what the operator wrote in between', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ observedGeneration: 1 }, gateway));
    expectOk(await subject.mergePatch({ status: { observedGeneration: 2 } }, operator));
    expect(expectOk(await subject.apply({ observedGeneration: 1 }, gateway)).status.observedGeneration).toBe(
      1,
    );
  });

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

  it('ceding: applied under a second manager first, a field outlives the first one dropping it', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready', message: 'ceded' }, gateway));
    expectOk(await subject.apply({ message: 'ceded' }, { manager: 'gateway-ceded' }));
    const after = expectOk(await subject.apply({ phase: 'Ready' }, gateway));
    expect(after.status).toEqual({ phase: 'Ready', message: 'ceded' });
  });

  it('fields that nobody applied stay untouched by an apply', async () => {
    const subject = await createSubject(target());
    const theirs = {
      url: 'http://u',
      oidcConfigHash: 'h',
      conditions: [condition('Ready'), condition('Valid')],
    };
    expectOk(await subject.putStatus(theirs, operator));
    const after = expectOk(
      await subject.apply({ phase: 'Ready', conditions: [condition('Degraded')] }, gateway),
    );
    expect(after.status).toMatchObject({ url: 'http://u', oidcConfigHash: 'h', phase: 'Ready' });
    expect(keys(after.status.conditions)).toEqual(['Ready', 'Valid', 'Degraded']);
  });

  it('the applied order wins; items of others keep their place before the item that followed them', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.putStatus({ discoveredBackends: [{ name: 'x' }, { name: 'y' }] }, operator));
    const names = async (...wanted: string[]) => {
      const status = { discoveredBackends: wanted.map(name => ({ name })) };
      return keys(expectOk(await subject.apply(status, gateway)).status.discoveredBackends);
    };
    expect(await names('c', 'y', 'a')).toEqual(['x', 'c', 'y', 'a']);
    expect(await names('a', 'y', 'c')).toEqual(['x', 'a', 'y', 'c']);
  });
}
