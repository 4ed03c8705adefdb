/**
 * A browser that needs room, or was not used for long, removes what an app stored: the database with everything in it.
 * So that this is noticed, notes lie where it often does not reach: in localStorage, with the number of changes that
 * were not sent, and in a cookie, which says only that there was mail here.
 */
const KEY = 'mailferry-device';
/** The longest that browsers keep a cookie, in seconds. */
const COOKIE_AGE = 400 * 24 * 3600;

export interface Marker {
  /** changes that had not reached the server; null when that is not known any more */
  pending: number | null;
}

/** Notes that this device has mail, and how many changes wait here. */
export function leaveMarker(pending: number): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: older browsers have no Cookie Store
  document.cookie = `${KEY}=1; Path=/; Max-Age=${COOKIE_AGE}; SameSite=Strict${secure}`;
  try {
    localStorage.setItem(KEY, String(pending));
  } catch {
    // Full, or switched off: the cookie has to do.
  }
}

/** What was noted; null when this device never had mail, or somebody signed out. */
export function readMarker(): Marker | null {
  const noted = readLocal();
  if (noted !== null) return { pending: Number.parseInt(noted, 10) || 0 };
  const cookies = document.cookie.split('; ');
  return cookies.includes(`${KEY}=1`) ? { pending: null } : null;
}

function readLocal(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Forgets the notes: who signs out wants nothing left here. */
export function removeMarker(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: as above
  document.cookie = `${KEY}=; Path=/; Max-Age=0; SameSite=Strict`;
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing could be written either.
  }
}
