import { form } from './account-form.ts';
import { accounts, deletion, quarantine, removal } from './accounts.ts';
import { acting } from './acting.ts';
import { authorize } from './authorize.ts';
import { keys } from './keys.ts';
import { list } from './list.ts';
import { mailboxes } from './mailboxes.ts';
import { notifications } from './notifications.ts';
import { offline } from './offline.ts';
import { onboarding } from './onboarding.ts';
import { outbox } from './outbox.ts';
import { reader } from './reader.ts';
import { search } from './search.ts';
import { selecting } from './selecting.ts';
import { settings } from './settings.ts';
import { shared } from './shared.ts';
import { done, errors, nav, roles, status, welcome } from './shell.ts';
import { thread } from './thread.ts';
import { transfer } from './transfer.ts';
import { trouble } from './trouble.ts';

/** Every string of the user interface, in English. Functions take what varies and give a whole sentence. */
export const en = {
  app: 'Mailferry',
  loading: 'Loading…',
  skip: 'Skip to the messages',
  welcome,
  nav,
  roles,
  list,
  status,
  reader,
  search,
  done,
  outbox,
  accounts,
  authorize,
  form,
  offline,
  onboarding,
  removal,
  deletion,
  quarantine,
  transfer,
  notifications,
  keys,
  acting,
  thread,
  selecting,
  mailboxes,
  settings,
  errors,
  shared,
  trouble,
};
