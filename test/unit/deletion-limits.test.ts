import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusedByLimits, withinLimits } from '../../functions/deletion-limits.ts';

const limits = { policies: ['whenDestroyed', 'afterDays'] as const, minimumDays: 30 };
const days = (deletionDays: number) => ({ deletionPolicy: 'afterDays' as const, deletionDays });
const once = { deletionPolicy: 'onceStored' as const, deletionDays: null };
const keep = { deletionPolicy: 'keep' as const, deletionDays: null };

describe('what an operator allows to be deleted at mail servers', () => {
  it('is everything without limits', () => {
    assert.deepEqual(withinLimits(once, undefined), once);
    assert.equal(refusedByLimits(once, undefined), null);
  });

  it('is always nothing, for who wants that', () => {
    const none = { policies: [], minimumDays: 1 };
    assert.deepEqual(withinLimits(keep, none), keep);
    assert.equal(refusedByLimits(keep, none), null);
  });

  it('refuses a policy and days, and says which of the two', () => {
    assert.equal(refusedByLimits(once, limits)?.name, 'deletionPolicy');
    assert.match(refusedByLimits(days(29), limits)?.message ?? '', /after 30 days at the earliest/);
    assert.equal(refusedByLimits(days(29), limits)?.name, 'deletionDays');
    assert.equal(refusedByLimits(days(30), limits), null);
  });

  it('keeps what an account had chosen before it was forbidden, and waits as long as it says', () => {
    assert.deepEqual(withinLimits(once, limits), keep);
    assert.deepEqual(withinLimits(days(7), limits), days(30));
    assert.deepEqual(withinLimits(days(90), limits), days(90));
  });
});
