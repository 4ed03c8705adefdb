import type { IconNode } from 'lucide';
import { Icon } from './icon.tsx';

interface Props {
  /** for people who hear it, and for who points at it */
  name: string;
  icon: IconNode;
  onClick: () => void;
  /** Set for what is on, such as a star. */
  filled?: boolean;
  class?: string;
}

/** A button that is an icon. */
export function IconButton({ name, icon, onClick, filled = false, class: more }: Props) {
  return (
    <button
      type="button"
      class={`button-icon${filled ? ' on' : ''}${more ? ` ${more}` : ''}`}
      aria-label={name}
      title={name}
      onClick={onClick}
    >
      <Icon node={icon} filled={filled} />
    </button>
  );
}
