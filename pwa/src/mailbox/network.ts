/** What a browser may tell of the connection (Network Information API); Chromium does. */
export interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

/** True where every octet counts: then only lists are downloaded, and what the person opens. Pure. */
export function isMetered({ saveData, effectiveType }: Connection): boolean {
  return saveData === true || effectiveType === 'slow-2g' || effectiveType === '2g';
}

/** The connection of this device, as far as the browser tells. */
export function connection(): Connection & Partial<EventTarget> {
  return (navigator as { connection?: Connection & EventTarget }).connection ?? {};
}
