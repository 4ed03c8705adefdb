import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A modal dialog that is open as long as it is rendered. Escape and a press beside it close it. */
export function Dialog(props: {
  label: string;
  class?: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key that does the same is Escape, by the browser
    <dialog
      ref={element}
      class={props.class ?? 'dialog'}
      aria-label={props.label}
      onCancel={event => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={event => event.target === element.current && props.onClose()}
    >
      <div class="dialog-content">{props.children}</div>
    </dialog>
  );
}
