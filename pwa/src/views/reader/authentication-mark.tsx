import { ShieldAlert, ShieldCheck } from 'lucide';
import type { StoredBody, StoredEmail } from '../../mailbox/db.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { useLive } from '../use.ts';
import { isOwnServer, judge, parseResults, type Verdict } from './authentication.ts';

/** What is known of whether a message is from its sender. */
export interface Authentication extends Verdict {
  /** The server that says it brings the mail of this account: only then it is believed when it says yes. */
  own: boolean;
}

/** Reads what the server nearest to us says about the sender; pure. */
export function authenticationOf(
  email: StoredEmail,
  body: StoredBody | null,
  account: { host: string | null; address: string } | null,
): Authentication | null {
  const from = email.from[0]?.email;
  if (!body?.authenticationResults || !from) return null;
  const verdict = judge(parseResults(body.authenticationResults), from);
  return { ...verdict, own: account !== null && isOwnServer(verdict.server, account) };
}

/** Follows what is known of the sender of a message. */
export function useAuthentication(email: StoredEmail, body: StoredBody | null): Authentication | null {
  const account = useLive(['accounts'], `authentication/${email.accountId}`, async db => {
    const known = await db.get('accounts', email.accountId);
    return known ? { host: known.host, address: known.address } : null;
  });
  return authenticationOf(email, body, account ?? null);
}

/** A mark beside the sender, with words: confirmed, or perhaps forged. Nothing where nothing is known. */
export function AuthenticationMark({ known }: { known: Authentication | null }) {
  const { authentication } = words.reader;
  if (known?.sender === 'failed') {
    return (
      <span class="sender-mark sender-failed">
        <Icon node={ShieldAlert} /> {authentication.failed}
      </span>
    );
  }
  if (known?.sender !== 'confirmed' || !known.own) return null;
  return (
    <span class="sender-mark sender-confirmed">
      <Icon node={ShieldCheck} /> {authentication.confirmed}
    </span>
  );
}

/** What was checked and by whom, for the details of a message. */
export function AuthenticationDetails({ known }: { known: Authentication | null }) {
  const { authentication } = words.reader;
  return (
    <div>
      <dt>{authentication.title}</dt>
      <dd>
        {!known && authentication.none}
        {known && <p>{authentication.meaning[known.sender]}</p>}
        {known?.checks.map((check, position) => (
          <p key={position}>
            <b>{check.method.toUpperCase()}</b>{' '}
            {authentication.result(authentication.results[check.result] ?? check.result, check.domain)}
          </p>
        ))}
        {known && (
          <p>{known.own ? authentication.saidBy(known.server) : authentication.saidByOther(known.server)}</p>
        )}
      </dd>
    </div>
  );
}
