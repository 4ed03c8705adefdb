import { pictureSenders, setPictureSender } from '../../mailbox/picture-senders.ts';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { useLive } from '../use.ts';

/** The senders whose pictures are always shown, each of whom can be taken off the list. */
export function PictureSenders({ onClose }: { onClose: () => void }) {
  const senders = useLive(['settings'], 'picture-senders', pictureSenders);
  const { pictures } = words.reader;
  return (
    <Dialog label={pictures.senders} class="dialog sheet" onClose={onClose}>
      <h2>{pictures.senders}</h2>
      <p>{senders?.length === 0 ? pictures.noSenders : pictures.sendersText}</p>
      <ul class="sheet-list">
        {senders?.map(address => (
          <li key={address}>
            <bdi>{address}</bdi>
            <button
              type="button"
              class="button"
              aria-label={pictures.revoke(address)}
              onClick={() => void setPictureSender(address, false)}
            >
              {pictures.ask}
            </button>
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.reader.close}
        </button>
      </div>
    </Dialog>
  );
}
