import { ArrowLeft, Menu } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';
import { StatusBar } from './status-bar.tsx';

interface Props {
  title: string;
  /** where the arrow leads; without it there is the menu */
  back?: { href: string; name: string };
  onMenu: () => void;
  children: ComponentChildren;
}

/** A page that is not a list of messages: accounts, the outbox. */
export function Page({ title, back, onMenu, children }: Props) {
  useEffect(() => {
    document.title = `${title} · ${words.app}`;
  }, [title]);
  return (
    <section class="column page" aria-labelledby="page-title">
      <header class="bar">
        {back ? (
          <a class="button-icon" href={back.href} aria-label={back.name} title={back.name}>
            <Icon node={ArrowLeft} pointing />
          </a>
        ) : (
          <button type="button" class="button-icon narrow-only" aria-label={words.nav.open} onClick={onMenu}>
            <Icon node={Menu} />
          </button>
        )}
        <div class="bar-title">
          <h1 id="page-title" dir="auto">
            {title}
          </h1>
        </div>
      </header>
      <StatusBar />
      <div class="page-content">{children}</div>
    </section>
  );
}
