import type { MailAccountDiscovery, MailAccountProposal } from '../../../../functions/jmap/types.ts';
import { said } from '../../words/said.ts';
import { words } from '../../words/words.ts';
import type { Advice, Habits } from './advice.ts';
import { Choice } from './connection-fields.tsx';

/** What the advice depends on: how the person uses the mailbox. */
export function HabitQuestions({ habits, onHabits }: { habits: Habits; onHabits: (habits: Habits) => void }) {
  return (
    <>
      <fieldset>
        <legend>{words.onboarding.others}</legend>
        {[true, false].map(others => (
          <Choice
            key={String(others)}
            name="others"
            value={String(others)}
            title={others ? words.onboarding.othersYes : words.onboarding.othersNo}
            checked={habits.others === others}
            onChoose={() => onHabits({ ...habits, others })}
          />
        ))}
      </fieldset>
      <label class="choice">
        <input
          type="checkbox"
          checked={habits.room}
          onChange={event => onHabits({ ...habits, room: event.currentTarget.checked })}
        />
        <span>
          <b>{words.onboarding.room}</b>
          <small>{words.onboarding.roomText}</small>
        </span>
      </label>
    </>
  );
}

/** What is recommended to this person, and why. */
export function AdviceNote({ advice, discovery }: { advice: Advice; discovery: MailAccountDiscovery }) {
  const { proposals, recommended, reasonSentences } = discovery;
  // What the server says is about the one proposal that it recommends.
  const isAbout = recommended !== null && proposals[recommended]?.protocol === advice.protocol;
  return (
    <div class="note advice" role="status">
      <p>
        <b>{words.onboarding.advice[advice.protocol]}</b>
      </p>
      <ul class="bullets">
        {advice.why.map(reason => (
          <li key={reason}>{words.onboarding.why[reason]}</li>
        ))}
      </ul>
      {isAbout && reasonSentences.length > 0 && (
        <details class="advanced">
          <summary>{words.onboarding.offers}</summary>
          <ul class="bullets">
            {reasonSentences.map(reason => (
              <li key={reason.text}>{said(reason)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** What the person should know before they enter a password for a proposal, or sign in at its provider. */
export function Warnings(props: { proposal: MailAccountProposal; discovery: MailAccountDiscovery }) {
  const { proposal, discovery } = props;
  const name = discovery.provider ?? proposal.host;
  if (proposal.authentication === 'oauth' && !proposal.canAuthorize) {
    return <p class="note note-warning">{words.onboarding.oauthOnly(name)}</p>;
  }
  const { warningSentences } = discovery;
  if (warningSentences.length === 0) {
    return proposal.oauthProvider === null ? null : <p class="note">{words.onboarding.oauthToo(name)}</p>;
  }
  return (
    <div class="note note-warning">
      {warningSentences.map(warning => (
        <p key={warning.text} dir="auto">
          {said(warning)}
        </p>
      ))}
    </div>
  );
}
