import type { EmailBodyPart } from '../../../../functions/jmap/types.ts';

/** How a part can be looked at here. */
export type PreviewKind = 'picture' | 'text' | 'pdf';

/** Pictures that browsers show and that can hold nothing but a picture. */
const PICTURES = /^image\/(?:png|jpe?g|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;
const TEXTS =
  /^(?:text\/(?!html)[\w.+-]+|application\/(?:json|ics|x-sh|x-yaml)|message\/(?:rfc822|delivery-status))$/;
const TEXT_NAMES = /\.(?:txt|log|md|csv|tsv|json|ya?ml|ini|conf|ics|vcf|diff|patch|eml|asc)$/i;

/** Larger parts are saved only, in octets. */
const LARGEST: Record<PreviewKind, number> = { picture: 30_000_000, text: 5_000_000, pdf: 50_000_000 };

/**
 * How a part can be looked at, or null for what can only be saved; pure.
 * @param pdf the browser has a viewer for PDF
 */
export function previewKind(
  part: Pick<EmailBodyPart, 'type' | 'name' | 'size'>,
  pdf: boolean,
): PreviewKind | null {
  const type = part.type.toLowerCase();
  const vague = type === 'application/octet-stream';
  const name = part.name ?? '';
  let kind: PreviewKind | null = null;
  if (PICTURES.test(type)) kind = 'picture';
  else if (type === 'application/pdf' || (vague && /\.pdf$/i.test(name))) kind = pdf ? 'pdf' : null;
  else if (TEXTS.test(type) || (vague && TEXT_NAMES.test(name))) kind = 'text';
  return kind && part.size <= LARGEST[kind] ? kind : null;
}
