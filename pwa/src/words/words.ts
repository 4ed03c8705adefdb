import { en } from './en/index.ts';

/** What each language has to say. */
export type Words = typeof en;

/** Every string of the user interface, in the language of the device. */
export const words: Words = en;
