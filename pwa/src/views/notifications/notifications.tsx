import { BellRing } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { readSetting } from '../../mailbox/settings.ts';
import { readChoices, USUAL } from '../../push/choices.ts';
import { readyNotice } from '../../push/notification.ts';
import { canPush, PushUnavailable, turnOff, turnOn } from '../../push/subscription.ts';
import { words } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { Page } from '../page.tsx';
import { useLive } from '../use.ts';
import { QuietHours } from './quiet-hours.tsx';
import { Switch } from './switch.tsx';
import { WhichMail } from './which-mail.tsx';

type Problem = keyof typeof words.notifications.problems;

/** What stands in the way on this device before anybody is asked; null for nothing. */
function obstacle(): Problem | null {
  if (canPush()) return Notification.permission === 'denied' ? 'denied' : null;
  // Only there the way is to install the app; an iPad says that it is a Mac with a touch screen.
  const isApple = /iPhone|iPad/.test(navigator.userAgent) || navigator.maxTouchPoints > 1;
  const isInstalled = matchMedia('(display-mode: standalone)').matches;
  return /AppleWebKit/.test(navigator.userAgent) && isApple && !isInstalled ? 'install' : 'unsupported';
}

/** Whether and when this device tells of new mail. The browser asks the person only once they want it. */
export function Notifications({ onMenu }: { onMenu: () => void }) {
  const push = useLive(['status'], 'push', () => readSetting('push'));
  const choices = useLive(['status'], 'notify', readChoices) ?? USUAL;
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [problem, setProblem] = useState<Problem | null>(obstacle);
  const registration = useRegistration();
  const turn = async (on: boolean) => {
    setWanted(on);
    setProblem(null);
    try {
      if (on) await allowAndTurnOn(registration);
      else await turnOff(registration ?? undefined);
    } catch (error) {
      setProblem(error instanceof PushUnavailable ? error.code : 'failed');
    }
    setWanted(null);
  };
  const isOn = push !== null && push !== undefined;
  const text = words.notifications;
  return (
    <Page title={text.title} onMenu={onMenu}>
      <div class="notifications">
        <section class="card">
          <p>{text.intro}</p>
          <Switch
            label={text.on}
            checked={wanted ?? isOn}
            disabled={wanted !== null || (problem !== null && obstacle() !== null && !isOn)}
            onChange={on => void turn(on)}
          />
          <p class="card-note" role="status">
            {wanted ? text.turningOn : isOn ? (push.verified ? text.isOn : text.verifying) : ''}
          </p>
          {problem && !isOn && (
            <p class="note note-warning" role="alert">
              {text.problems[problem]}
            </p>
          )}
          <p class="card-note">{text.private}</p>
          {isOn && push.verified && (
            <button type="button" class="button" onClick={() => void tryOut(registration)}>
              <Icon node={BellRing} />
              {text.tryOut}
            </button>
          )}
        </section>
        {isOn && <WhichMail choices={choices} />}
        {isOn && <QuietHours choices={choices} />}
      </div>
    </Page>
  );
}

/** The service worker that will receive; null until there is one. */
function useRegistration(): ServiceWorkerRegistration | null {
  const [registration, setRegistration] = useState<ServiceWorkerRegistration | null>(null);
  useEffect(() => {
    void navigator.serviceWorker?.ready.then(setRegistration);
  }, []);
  return registration;
}

async function allowAndTurnOn(registration: ServiceWorkerRegistration | null): Promise<void> {
  if (!canPush()) throw new PushUnavailable('unsupported');
  if ((await Notification.requestPermission()) !== 'granted') throw new PushUnavailable('denied');
  await turnOn(registration ?? (await navigator.serviceWorker.ready));
}

async function tryOut(registration: ServiceWorkerRegistration | null): Promise<void> {
  const { title, body, tag, path } = readyNotice();
  await registration?.showNotification(title, { body, tag, data: { path }, icon: '/icon-192.png' });
}
