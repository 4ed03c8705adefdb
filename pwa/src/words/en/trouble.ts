import { count } from '../numbers.ts';

/** What the app says when its database cannot be opened, or a part of itself cannot be loaded. */
export const trouble = {
  titles: {
    newer: 'A newer version stored this mail',
    blocked: 'Another tab holds the mail',
    noRoom: 'This device has no room left',
    closed: 'This browser keeps nothing here',
    broken: 'The mail on this device cannot be opened',
  },
  texts: {
    newer:
      'A newer version of Mailferry has changed how mail is stored on this device, and this version cannot read it. Try again to load the newer one.',
    blocked:
      'An older version of Mailferry is still open in another tab or window. Close the others, then try again.',
    noRoom: 'There is not even room to open the mail. Free some room on the device, then try again.',
    closed:
      'In a private window, or where the settings of the browser forbid it, Mailferry cannot keep mail on this device. Allow it, or open Mailferry in a usual window, then try again.',
    broken:
      'What the browser stored is damaged, or it refuses to read it. Sometimes it helps to close all windows of the browser and try again.',
  },
  rebuildText:
    'Rebuilding removes what is stored here and fetches it from the server again, newest first. At the server nothing changes.',
  kept: (n: number) =>
    count(n, {
      one: '# change that has not reached the server can be read, and is kept.',
      other: '# changes that have not reached the server can be read, and are kept.',
    }),
  lost: (n: number | null) =>
    n === null
      ? 'Whether changes wait here that have not reached the server cannot be read. They would be lost.'
      : count(n, {
          one: '# change that has not reached the server cannot be read, and would be lost.',
          other: '# changes that have not reached the server cannot be read, and would be lost.',
        }),
  signIn: 'You will have to sign in again.',
  tryAgain: 'Try again',
  rebuild: 'Rebuild from the server',
  rebuilding: 'Rebuilding…',
  failed:
    'The browser did not let go of what it stored. Close all other windows of Mailferry, or remove the data of this site in the settings of the browser.',
  opening: 'Opening your mail. After an update this can take a moment.',
  partTitle: 'This page could not be loaded',
  partText:
    'It may belong to a version of Mailferry that is gone, or the network failed. Your mail is still here.',
};
