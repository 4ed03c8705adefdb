import type { IconNode } from 'lucide';
import { h } from 'preact';

/** A line icon of lucide. It is decoration: the control around it carries the name. */
export function Icon({ node, filled = false }: { node: IconNode; filled?: boolean }) {
  return (
    <svg
      class="icon"
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
