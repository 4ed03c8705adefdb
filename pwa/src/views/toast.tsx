import { useEffect, useState } from 'preact/hooks';
import { words } from '../words/words.ts';

interface Notice {
  text: string;
  undo?: () => void;
}

let show: (notice: Notice) => void = () => {};

/** Says something for some seconds, with a way to take it back. */
export function notify(text: string, undo?: () => void): void {
  show(undo ? { text, undo } : { text });
}

/** Where notices appear; rendered once. */
export function Notices() {
  const [notice, setNotice] = useState<Notice | null>(null);
  show = setNotice;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => setNotice(null), notice.undo ? 10_000 : 4_000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div class="notices" role="status">
      {notice && (
        <div class="notice">
          <span>{notice.text}</span>
          {notice.undo && (
            <button
              type="button"
              class="notice-action"
              onClick={() => {
                notice.undo?.();
                setNotice(null);
              }}
            >
              {words.done.undo}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
