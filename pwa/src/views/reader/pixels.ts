/** Addresses by which services for bulk mail learn that a message was opened. */
const TRACKERS = [
  /\/wf\/open\?/i,
  /\/track\/open/i,
  /\/open(?:\.php|\.aspx|\.gif|\.html)\?/i,
  /\/(?:o|t|e|s|p|px|px1|pixel|beacon|blank|spacer|open|track|tracking)\.(?:gif|png)(?:\?|$)/i,
  /\/e\/o\/|\/ss\/o\/|\/trk\?|\/imp\?/i,
  /list-manage\.com\/track/i,
  /awstrack\.me\/I0\//i,
  /(?:hubspot|hs-analytics|hubspotemail|hubspotlinks)[^/]*\/(?:__pt|cto|e3t|t\/O)/i,
  /mandrillapp\.com\/track/i,
  /(?:mailtrack\.io|mltrk\.io|mailfoogae\.appspot\.com|yesware\.com|bananatag\.com|getnotify\.com|readnotify\.com)/i,
  /(?:google-analytics\.com|googleadservices\.com|doubleclick\.net|facebook\.com\/tr\b|pixel\.[\w.-]+\/)/i,
  /(?:sidekickopen\d*\.com|cirrusinsight\.com|mixmax\.com\/api\/track|superhuman\.com\/pixel)/i,
  /[?&]e?mail_?open(?:ed)?=|[?&]event=open\b/i,
];

/** Whether an address is known for telling a sender that a message was opened; pure. */
export function isTracker(address: string): boolean {
  return TRACKERS.some(pattern => pattern.test(address));
}

/** A length in pixels, or null where none was given in pixels. */
function pixels(length: string | null): number | null {
  const match = /^\s*([\d.]+)(?:px|pt)?\s*$/.exec(length ?? '');
  return match?.[1] ? Number.parseFloat(match[1]) : null;
}

/** Larger than this in both directions, and a picture can be there to be seen; in pixels. */
const TINY = 3;

/**
 * Whether a picture on the internet is there to be fetched rather than seen: a dot, hidden, or at an address known
 * for that. A class may show what is hidden at first, on a phone for instance.
 */
export function isPixel(picture: HTMLElement, address: string): boolean {
  const { style } = picture;
  const width = pixels(style.width) ?? pixels(picture.getAttribute('width'));
  const height = pixels(style.height) ?? pixels(picture.getAttribute('height'));
  // A line of 600 by 1 holds a table open; a dot holds nothing.
  if (width !== null && height !== null && width <= TINY && height <= TINY) return true;
  if (width === 0 || height === 0) return true;
  const hidden = style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0';
  if ((hidden || picture.hidden) && !picture.className) return true;
  const large = (width ?? 0) > 16 && (height ?? 0) > 16;
  return !large && isTracker(address);
}
