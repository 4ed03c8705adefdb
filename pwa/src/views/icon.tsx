import type { IconNode } from 'lucide';
import { h } from 'preact';

interface Props {
  node: IconNode;
  filled?: boolean;
  /** whether it points where the text goes or comes from, and so the other way in Arabic */
  pointing?: boolean;
}

/** A line icon of lucide. It is decoration: the control around it carries the name. */
export function Icon({ node, filled = false, pointing = false }: Props) {
  return (
    <svg
      class={pointing ? 'icon icon-pointing' : 'icon'}
      viewBox="0 0 24 24"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {node.map(([tag, attributes], position) => h(tag, { ...attributes, key: position }))}
    </svg>
  );
}
