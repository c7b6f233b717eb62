// How the page is built: into the folder that the service puts into its binary. No inline script and no
// inline style comes out, and nothing that is fetched from elsewhere.
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

/// Of Punkt's base the tokens alone: its typefaces are the city's own and not shipped, and of its three
/// thousand utility classes the page uses none.
const punktTokens = (): Plugin => ({
  name: 'punkt-tokens',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('/pkt-base.min.css')) return null;
    const blocks = readFileSync(id, 'utf8').match(/(?::root|\[data-mode=dark\])\{--[^}]*\}/g);
    if (blocks === null) throw new Error('Punkt has no tokens any more');
    return `@layer punkt{${blocks.join('')}}`;
  },
});

/// The worker that keeps opened work lists is asked for by its own name, and knows what the page is made of.
const shellOfWorker = (): Plugin => ({
  name: 'shell-of-worker',
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((name) => /^assets\/(index|icon)-/.test(name));
    const worker = Object.values(bundle).find((file) => file.fileName === 'sw.js');
    if (worker?.type !== 'chunk') throw new Error('there is no sw.js');
    const shell = ['/', ...files.map((name) => `/${name}`)];
    worker.code = worker.code.replaceAll('__SHELL__', JSON.stringify(shell));
  },
});

export default defineConfig({
  plugins: [punktTokens(), shellOfWorker()],
  build: {
    outDir: '../crates/service/page/built',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: 'index.html', sw: 'worker/sw.ts' },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
});
