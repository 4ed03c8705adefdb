import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Where the search index's worker lies, with SQLite: a folder of its own, so that it is not precached. */
const SEARCH = 'assets/search/[name]-[hash].js';

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

const ENTRY = fileURLToPath(new URL('src/main.tsx', import.meta.url));

/** Everything that the first page needs at once, by id of the module, beside the entry itself. */
function neededAtOnce(modules: Modules): Set<string> {
  const found = new Set([ENTRY]);
  for (const id of found)
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  found.delete(ENTRY);
  return found;
}

/** The static app. The service worker is our own source; the plugin only adds the list of files to precache. */
export default defineConfig({
  plugins: [
    preact({ devToolsEnabled: false }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      injectRegister: null,
      includeManifestIcons: false,
      injectManifest: {
        globPatterns: ['**/*.{html,js,css,svg,png}'],
        // The search index comes when there is nothing else to do; see service-worker.ts.
        globIgnores: ['**/assets/search/**'],
        rollupFormat: 'iife',
      },
      manifest: {
        id: '/',
        name: 'Mailferry',
        short_name: 'Mailferry',
        description: 'Your mail on every device, with or without a network.',
        lang: 'en',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f3f6f6',
        theme_color: '#0b5563',
        categories: ['productivity'],
        share_target: {
          action: '/shared',
          method: 'POST',
          enctype: 'multipart/form-data',
          params: { files: [{ name: 'message', accept: ['message/rfc822', '.eml'] }] },
        },
        file_handlers: [{ action: '/shared', accept: { 'message/rfc822': ['.eml'] } }],
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
    }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // One file in place of thirty small ones, each of which costs a request to the service worker. The entry waits
        // for words and settings, and whoever imported it would wait for that: so it stays outside.
        codeSplitting: {
          groups: [{ name: (id, modules) => (neededAtOnce(modules).has(id) ? 'app' : null) }],
        },
      },
    },
  },
  worker: {
    format: 'es',
    rolldownOptions: {
      output: {
        entryFileNames: SEARCH,
        chunkFileNames: SEARCH,
        assetFileNames: SEARCH.replace('.js', '[extname]'),
      },
    },
  },
});
