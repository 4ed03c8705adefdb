/** The part of Trusted Types that is used; what it makes stands where the DOM asks for strings. */
interface Factory {
  createPolicy(name: string, rules: Rules): Rules;
}

interface Rules {
  createHTML(html: string): string;
  createScriptURL(url: string): string;
}

const rules: Rules = {
  createHTML: html => html,
  createScriptURL(url) {
    const { origin } = new URL(url, location.origin);
    if (origin !== location.origin) throw new TypeError('Only scripts of the app itself may run.');
    return url;
  },
};

let made: Rules | null = null;

/**
 * The app's one Trusted Types policy, which the Content-Security-Policy lets it make once (`infra/web-headers.ts`);
 * browsers without Trusted Types take the strings as they are.
 */
function policy(): Rules {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  made ??= factory?.createPolicy('mailferry', rules) ?? rules;
  return made;
}

/** Lets HTML of our own become a document. Nothing of a message may be in it: that goes through DOMPurify. */
export const ownHtml = (html: string): string => policy().createHTML(html);

/**
 * Lets a worker be started from one of the app's own files.
 * @throws TypeError for an address of another origin
 */
export const ownScript = (url: string): string => policy().createScriptURL(url);
