// Who owns what among those who apply: removal, shared fields, conflicts, and how fields change hands.
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
