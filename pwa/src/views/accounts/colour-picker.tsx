import type { MailAccount } from '../../../../functions/jmap/types.ts';
import { ACCOUNT_COLOURS, chooseColour, readColours } from '../../mailbox/colours.ts';
import { mailbox } from '../../mailbox/db.ts';
import { words } from '../../words/words.ts';
import { useLive } from '../use.ts';

/** The colour of an account on this device. */
export function ColourPicker({ account }: { account: MailAccount }) {
  const chosen = useLive(
    ['accounts'],
    `colour ${account.id}`,
    async db => (await readColours(db))[account.id],
  );
  const choose = async (colour: number) => chooseColour(await mailbox(), account.id, colour);
  return (
    <fieldset class="colours">
      <legend>{words.accounts.colour}</legend>
      <p class="field-hint">{words.accounts.colourHint}</p>
      <div class="colour-row">
        {Array.from({ length: ACCOUNT_COLOURS }, (_, colour) => (
          <label key={colour} class={`colour edge-${colour}`} title={words.accounts.colours[colour]}>
            <input
              type="radio"
              name="colour"
              aria-label={words.accounts.colours[colour]}
              checked={chosen === colour}
              onChange={() => void choose(colour)}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
