import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MailboxSnapshot, MailboxStatus, MessageHint } from '../../functions/source/source.ts';
import type { MailboxCursor } from '../../functions/store/commit.ts';
import { closedAt, planImap, withHandled, withoutHandled } from '../../functions/sync/plan.ts';
import { eachUid, unpackUidSet } from '../../functions/sync/ranges.ts';
import { type Candidate, matchHints } from '../../functions/sync/recognise/recognise.ts';

/** One mailbox in memory: what is where, under which UIDVALIDITY, and since when. */
interface Box {
  validity: number;
  next: number;
  modseq: number;
  messages: { uid: number; content: number; modseq: number; isDeleted: boolean }[];
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), content: fc.nat({ max: 30 }) }),
  fc.record({ kind: fc.constant('expunge' as const), nth: fc.nat() }),
  fc.record({ kind: fc.constant('mark' as const), nth: fc.nat() }),
  fc.record({ kind: fc.constant('reset' as const) }),
  fc.record({ kind: fc.constant('anew' as const) }),
  fc.record({ kind: fc.constant('sync' as const), complete: fc.boolean(), half: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const emptyBox = (validity: number): Box => ({ validity, next: 1, modseq: 1, messages: [] });

function append(box: Box, content: number): void {
  box.modseq += 1;
  box.messages.push({ uid: box.next, content, modseq: box.modseq, isDeleted: false });
  box.next += 1;
}

function change(box: Box, each: Exclude<Step, { kind: 'sync' }>): Box {
  const at = 'nth' in each ? box.messages[each.nth % Math.max(1, box.messages.length)] : undefined;
  if (each.kind === 'append') append(box, each.content);
  if (each.kind === 'expunge' && at) {
    box.messages = box.messages.filter(message => message !== at);
    box.modseq += 1;
  }
  if (each.kind === 'mark' && at) {
    at.isDeleted = !at.isDeleted;
    box.modseq += 1;
    at.modseq = box.modseq;
  }
  // UIDNEXT or HIGHESTMODSEQ went backwards, or UIDVALIDITY is another: one of them has to tell.
  if (each.kind === 'anew' && box.next > 1) return emptyBox(box.validity);
  if (each.kind !== 'reset') return box;
  const renumbered = emptyBox(box.validity + 1);
  for (const { content } of box.messages) append(renumbered, content);
  return renumbered;
}

const statusOf = ({ validity, next, messages, modseq }: Box): MailboxStatus => ({
  uidValidity: String(validity),
  uidNext: next,
  messages: messages.length,
  highestModseq: String(modseq),
});

function snapshotOf(
  box: Box,
  since: MailboxStatus | null,
  complete: boolean,
  gone: Set<number>,
): MailboxSnapshot {
  const goesOn =
    since?.uidValidity === String(box.validity) &&
    since.uidNext <= box.next &&
    Number(since.highestModseq) <= box.modseq;
  const isComplete = complete || !goesOn;
  const listed = box.messages.filter(({ modseq }) => isComplete || modseq > Number(since?.highestModseq));
  return {
    status: statusOf(box),
    complete: isComplete,
    entries: listed.map(({ uid, isDeleted }) => ({ uid: String(uid), size: 1, keywords: [], isDeleted })),
    vanished: isComplete ? [] : [...gone].map(String),
  };
}

test('for any history of a mailbox, what was handled and not removed is what is visible, each message once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      let box = emptyBox(1);
      let cursor: MailboxCursor | undefined;
      /** What is here: content by location. */
      let here = new Map<string, number>();
      let before = new Set<number>();
      const sync = (complete: boolean, half: boolean) => {
        const uids = new Set(box.messages.map(({ uid }) => uid));
        const gone = new Set([...before].filter(uid => !uids.has(uid)));
        const plan = planImap(snapshotOf(box, cursor?.status ?? null, complete, gone), cursor);
        const { renumbered } = plan;
        if (renumbered) {
          const moved = [...here].map(([place, content]) => {
            const [validity, uid] = place.split('#');
            return [validity === renumbered.from ? `${renumbered.to}#${uid}` : place, content] as const;
          });
          here = new Map(moved);
        }
        cursor = plan.cursor;
        const fetched = half ? plan.fetch.slice(0, 2) : plan.fetch;
        for (const { uid } of fetched) {
          const place = `${cursor.uidValidity}#${uid}`;
          assert.ok(!here.has(place), 'nothing is fetched twice, and nothing takes the place of another');
          here.set(place, box.messages.find(message => message.uid === Number(uid))?.content ?? -1);
        }
        cursor = withHandled(
          cursor,
          fetched.map(({ uid }) => uid),
        );
        if (half && fetched.length < plan.fetch.length) return; // killed
        for (const uid of plan.gone) here.delete(`${cursor.uidValidity}#${uid}`);
        for (const place of here.keys())
          if (cursor.stale.includes(place.split('#')[0] ?? '')) here.delete(place);
        cursor = closedAt({ ...withoutHandled(cursor, plan.gone), stale: [] }, plan, statusOf(box));
        before = uids;
      };
      for (const each of steps) {
        if (each.kind === 'sync') sync(each.complete, each.half);
        else {
          const next = change(box, each);
          // A mailbox that is made anew and grows before anybody looks cannot be told from what it was.
          if (each.kind === 'anew' && next !== box) {
            box = next;
            sync(true, false);
          }
          box = next;
        }
      }
      sync(true, false);
      const visible = box.messages.filter(({ isDeleted }) => !isDeleted);
      const expected = visible.map(({ uid, content }) => `${box.validity}#${uid} ${content}`).sort();
      assert.deepEqual([...here].map(([place, content]) => `${place} ${content}`).sort(), expected);
      const handled = [...eachUid(unpackUidSet(cursor?.handled ?? ''))];
      assert.deepEqual(
        handled,
        visible.map(({ uid }) => uid),
      );
    }),
    { numRuns: 400 },
  );
});

const marks = fc.record({
  size: fc.option(fc.constantFrom(10, 20), { freq: 8 }),
  messageId: fc.option(fc.constantFrom<string[]>(['a'], ['b'], ['a', 'b']), { freq: 4 }),
  sentAt: fc.option(fc.constantFrom('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z'), { freq: 4 }),
});

test('a message is recognised only where one Email and no other message could be meant', () => {
  const key = ({ size, messageId, sentAt }: Pick<MessageHint, 'size' | 'messageId' | 'sentAt'>) =>
    JSON.stringify([size, messageId, sentAt]);
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 8 }), fc.array(marks, { maxLength: 8 }), (listed, kept) => {
      const hints = listed.map((hint, i): MessageHint => ({ ...hint, uid: String(i + 1) }));
      const emails = kept.map(
        (email, i): Candidate => ({ ...email, size: email.size ?? 0, emailId: `e${i}`, sha256: '' }),
      );
      const matched = matchHints(hints, emails);
      for (const hint of hints) {
        const same = hints.filter(other => key(other) === key(hint));
        const meant = emails.filter(email => key(email) === key(hint));
        const isClear =
          hint.size !== null && hint.messageId !== null && same.length === 1 && meant.length === 1;
        assert.equal(matched.get(hint.uid)?.emailId, isClear ? meant[0]?.emailId : undefined);
      }
    }),
  );
});
