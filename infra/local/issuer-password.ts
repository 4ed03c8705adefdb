import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** The wait after the first wrong password, in milliseconds; it doubles with each, up to the limit. */
const FIRST_DELAY_MS = 500;
const DELAY_LIMIT_MS = 30_000;

/**
 * A check of the sign-in password that guessing cannot hurry: attempts are looked at one after the other, and each
 * failure in a row makes the answer wait longer.
 */
export function passwordCheck(password: string): (attempt: string) => Promise<boolean> {
  const wanted = digest(password);
  let failures = 0;
  let last: Promise<unknown> = Promise.resolve();
  const check = async (attempt: string) => {
    if (timingSafeEqual(digest(attempt), wanted)) {
      failures = 0;
      return true;
    }
    failures += 1;
    await sleep(Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), DELAY_LIMIT_MS));
    return false;
  };
  return attempt => {
    const result = last.then(() => check(attempt));
    last = result;
    return result;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
