import { useState } from 'preact/hooks';
import { readSetting } from '../../mailbox/settings.ts';
import { askToPersist, estimateRoom, isPersisted } from '../../mailbox/storage.ts';
import { words } from '../../words/words.ts';
import { useLive } from '../use.ts';
import { InstallOffer } from './install-offer.tsx';

async function readRoom() {
  const [room, persisted, tight] = await Promise.all([estimateRoom(), isPersisted(), readSetting('storage')]);
  return { room, persisted, tight: tight !== null };
}

/** How much room the browser gives to all accounts together, and whether it keeps it. */
export function DeviceRoom() {
  const device = useLive(['status', 'feeds'], 'device-room', readRoom);
  const [refused, setRefused] = useState(false);
  if (!device) return null;
  const { room, persisted, tight } = device;
  return (
    <section class="card" aria-labelledby="device-title">
      <h2 id="device-title">{words.offline.device}</h2>
      {room && <p>{words.offline.deviceUsed(room.usage, room.quota)}</p>}
      {tight && <p class="note note-warning">{words.offline.tight}</p>}
      <p>{persisted ? words.offline.persisted : words.offline.notPersisted}</p>
      {!persisted && (
        <div class="buttons">
          <button type="button" class="button" onClick={async () => setRefused(!(await askToPersist()))}>
            {words.offline.persist}
          </button>
        </div>
      )}
      {refused && !persisted && <p role="status">{words.offline.persistRefused}</p>}
      <InstallOffer always />
    </section>
  );
}
