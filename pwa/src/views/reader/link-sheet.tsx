import { Copy, ExternalLink, TriangleAlert } from 'lucide';
import { words } from '../../words/words.ts';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../icon.tsx';
import { notify } from '../toast.tsx';
import type { LinkInfo } from './links.ts';

/** Shows where a link leads before it opens, and what is odd about it. */
export function LinkSheet({ link, onClose }: { link: LinkInfo; onClose: () => void }) {
  const { links } = words.reader;
  const copy = () =>
    navigator.clipboard.writeText(link.href).then(
      () => notify(links.copied),
      () => notify(links.notCopied),
    );
  return (
    <Dialog label={links.title} class="dialog sheet" onClose={onClose}>
      <h2>{links.title}</h2>
      <p class="link-host">
        <bdi>{link.host}</bdi>
      </p>
      {link.host !== link.asciiHost && <p class="link-address">{links.writtenAs(link.asciiHost)}</p>}
      {link.warnings.map(warning => (
        <p class="note note-warning note-action" key={warning} role="alert">
          <Icon node={TriangleAlert} />
          <span>{warning === 'otherHost' ? links.otherHost(link.shownHost ?? '') : links[warning]}</span>
        </p>
      ))}
      <p class="link-address" dir="ltr">
        {link.href}
      </p>
      <div class="buttons">
        <a
          class={link.warnings.length ? 'button' : 'button button-primary'}
          href={link.href}
          target="_blank"
          rel="noopener noreferrer"
          referrerpolicy="no-referrer"
          onClick={() => setTimeout(onClose)}
        >
          <Icon node={ExternalLink} />
          {links.open}
        </a>
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon node={Copy} />
          {links.copy}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {links.cancel}
        </button>
      </div>
    </Dialog>
  );
}
