import { SquareArrowUp } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { currentInstallWay, declineInstall, install, observeInstall } from '../../mailbox/install.ts';
import { lookNow } from '../../mailbox/schedule.ts';
import { readSetting } from '../../mailbox/settings.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { useLive } from '../use.ts';

/**
 * Offers to install the app, as this platform does it; nothing where it is installed or cannot be.
 * @param always also to who declined before
 */
export function InstallOffer({ always = false }: { always?: boolean }) {
  const [way, setWay] = useState(currentInstallWay);
  const declined = useLive(['status'], 'declined', () => readSetting('notInstalled'));
  const [gone, setGone] = useState(false);
  useEffect(() => observeInstall(() => setWay(currentInstallWay())), []);
  if (!way || (!always && (gone || declined !== null))) return null;
  const { title, text, ios, yes, no, noIos } = words.offline.install;
  const decline = async () => {
    setGone(true);
    await declineInstall();
    void lookNow();
  };
  return (
    <section class="install" aria-labelledby="install-title">
      <h2 id="install-title">
        <Icon node={SquareArrowUp} />
        {title}
      </h2>
      <p>{way === 'ios' ? ios : text}</p>
      <div class="buttons">
        {way === 'prompt' && (
          <button type="button" class="button button-primary" onClick={() => void install()}>
            {yes}
          </button>
        )}
        {!always && (
          <button type="button" class="button" onClick={() => void decline()}>
            {way === 'ios' ? noIos : no}
          </button>
        )}
      </div>
    </section>
  );
}
