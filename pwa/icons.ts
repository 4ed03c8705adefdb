import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

/**
 * Draws the PNG icons of the app from `public/favicon.svg`, with the installed Chromium. Run it after changing
 * the mark: `npx tsx pwa/icons.ts`.
 */
const folder = new URL('./public/', import.meta.url);
const mark = await readFile(new URL('favicon.svg', folder), 'utf8');
// A maskable icon is cut to any shape: no corners of its own, and the mark within the inner 80 %.
const maskable = mark
  .replace('rx="116"', '')
  .replace('<g id="mark">', '<g transform="translate(256 256) scale(0.76) translate(-256 -250)">');
const square = mark.replace('rx="116"', '');

const icons = [
  { name: 'favicon-32.png', size: 32, svg: mark },
  { name: 'icon-180.png', size: 180, svg: square },
  { name: 'icon-192.png', size: 192, svg: mark },
  { name: 'icon-512.png', size: 512, svg: mark },
  { name: 'icon-maskable-512.png', size: 512, svg: maskable },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
for (const { name, size, svg } of icons) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>html,body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await writeFile(new URL(name, folder), await page.screenshot({ omitBackground: true }));
}
await browser.close();
