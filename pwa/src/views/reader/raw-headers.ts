/** The header of a raw message as text, without the body; pure. Octets beyond UTF-8 are read as Latin-1. */
export function headerText(raw: Uint8Array): string {
  let end = raw.length;
  for (let at = 0; at < raw.length; at += 1) {
    if (raw[at] !== 10) continue;
    const next = raw[at + 1] === 13 ? at + 2 : at + 1;
    if (raw[next] === 10) {
      end = at + 1;
      break;
    }
  }
  const header = raw.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(header).replace(/\r\n/g, '\n');
  } catch {
    return new TextDecoder('latin1').decode(header).replace(/\r\n/g, '\n');
  }
}
