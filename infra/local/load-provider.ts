/**
 * Loads oidc-provider on every Node that Mailferry supports. Its release is made for Node 22 and uses `URL.parse`,
 * which Node 20 does not have; that one function is all that it misses there. It also warns about the version on
 * the terminal, which would mean nothing to the person who reads it.
 */
export async function loadProvider(): Promise<typeof import('oidc-provider')> {
  const url = URL as { parse?: (input: string, base?: string) => URL | null };
  url.parse ??= (input, base) => (URL.canParse(input, base) ? new URL(input, base) : null);
  const warn = console.warn;
  console.warn = (...parts: unknown[]) => {
    if (!String(parts[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...parts);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
