/** A message that somebody shared with the app as a file. */
export const shared = {
  title: 'A message as a file',
  none: 'No message was shared',
  noneText: 'Share an .eml file with Mailferry, or open one with it, and it is shown here.',
  states: {
    opening: 'Opening the message…',
    waiting: 'The server cannot be reached. The message is kept here, and is opened when there is a network.',
    unreadable: 'This file is no message that can be read.',
  },
  unchecked: 'From a file. Nobody has checked who it is from.',
  account: 'Account',
  put: 'Put it into the inbox',
  remove: 'Remove it from here',
  refused: 'The server did not take this message.',
};
