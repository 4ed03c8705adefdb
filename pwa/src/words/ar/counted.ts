import { count } from '../numbers.ts';

/** Messages as a subject: `رسالتان`. */
export const messages = (n: number) =>
  count(n, {
    zero: 'لا رسائل',
    one: 'رسالة واحدة',
    two: 'رسالتان',
    few: '# رسائل',
    other: '# رسالة',
  });

/** Messages as an object, after a preposition or after a noun: `رسالتين`. */
export const ofMessages = (n: number) =>
  count(n, { one: 'رسالة واحدة', two: 'رسالتين', few: '# رسائل', other: '# رسالة' });

/** Changes that the server does not have, and never will. */
export const pendingChanges = (n: number) =>
  count(n, {
    one: 'لديك تغيير واحد لم يصل إلى الخادم بعد، وسيُفقد.',
    two: 'لديك تغييران لم يصلا إلى الخادم بعد، وسيُفقدان.',
    few: 'لديك # تغييرات لم تصل إلى الخادم بعد، وستُفقد.',
    many: 'لديك # تغييرًا لم تصل إلى الخادم بعد، وستُفقد.',
    other: 'لديك # تغيير لم تصل إلى الخادم بعد، وستُفقد.',
  });

/** Something of another origin, such as a name or a host, kept from mixing its direction with the sentence around it. */
export const apart = (text: string) => `\u2068${text}\u2069`;
