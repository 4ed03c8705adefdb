import { ImageOff } from 'lucide';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { StoredBody } from '../../mailbox/db.ts';
import { setPictureSender } from '../../mailbox/picture-senders.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { HtmlFrame } from './html-frame.tsx';
import { PictureSenders } from './picture-senders.tsx';
import { sanitise } from './sanitise.ts';
import { useDark } from './use-dark.ts';
import { usePictures } from './use-pictures.ts';

interface Props {
  html: string;
  body: StoredBody;
  /** address of the sender; null where there is none, or where it is said to be forged */
  sender: string | null;
  /** the sender's pictures on the internet are always shown */
  always: boolean;
  onShown: () => void;
  onLink: (href: string, text: string) => void;
}

/** A message in HTML, with what was done to it and what the person can change about that. */
export function HtmlBody({ html, body, sender, always, onShown, onLink }: Props) {
  const [once, setOnce] = useState(false);
  const [asSent, setAsSent] = useState(false);
  const [full, setFull] = useState(false);
  const [look, setLook] = useState({ darkened: false, wide: false });
  const onLook = useCallback(
    (changed: { darkened?: boolean; wide?: boolean }) => setLook(before => ({ ...before, ...changed })),
    [],
  );
  const dark = useDark();
  const showRemote = once || always;
  const pictures = usePictures(body);
  const mail = useMemo(
    () => (pictures ? sanitise(html, { pictures, showRemote }) : null),
    [html, pictures, showRemote],
  );
  if (!mail) return <div class="pending" aria-busy="true" />;
  return (
    <>
      <Remote mail={mail} shown={showRemote} always={always} sender={sender} onShow={() => setOnce(true)} />
      {mail.empty && <p class="note">{words.reader.empty}</p>}
      {(look.darkened || look.wide || asSent) && (
        <div class="mail-tools">
          {(look.darkened || asSent) && dark && (
            <button type="button" class="chip" aria-pressed={asSent} onClick={() => setAsSent(!asSent)}>
              {words.reader.asSent}
            </button>
          )}
          {look.wide && (
            <button type="button" class="chip" aria-pressed={full} onClick={() => setFull(!full)}>
              {words.reader.fullSize}
            </button>
          )}
        </div>
      )}
      <HtmlFrame {...{ mail, showRemote, dark, asSent, full, onShown, onLook, onLink }} />
    </>
  );
}

/** What became of the message's pictures on the internet, and of what would have told the sender about the reader. */
function Remote(props: {
  mail: { remote: number; pixels: number };
  shown: boolean;
  always: boolean;
  sender: string | null;
  onShow: () => void;
}) {
  const { mail, shown, always, sender } = props;
  const [listed, setListed] = useState(false);
  const { pictures } = words.reader;
  const removed = mail.pixels > 0 ? pictures.removed(mail.pixels) : '';
  if (!mail.remote && !removed) return null;
  if (!mail.remote || (shown && !always && !sender)) return removed ? <p class="hint">{removed}</p> : null;
  return (
    <div class={shown ? 'hint note-action' : 'note note-action'}>
      {!shown && <Icon node={ImageOff} />}
      <p>
        {!shown && words.reader.imagesBlocked}
        {always && pictures.always(sender ?? '')} {removed}
      </p>
      {!shown && (
        <button type="button" class="button" onClick={props.onShow}>
          {words.reader.showImages}
        </button>
      )}
      {!always && sender && (
        <button
          type="button"
          class="button-text"
          aria-label={pictures.alwaysFrom(sender)}
          onClick={() => void setPictureSender(sender, true)}
        >
          {pictures.alwaysShort}
        </button>
      )}
      {always && (
        <button type="button" class="button-text" onClick={() => setListed(true)}>
          {pictures.change}
        </button>
      )}
      {listed && <PictureSenders onClose={() => setListed(false)} />}
    </div>
  );
}
