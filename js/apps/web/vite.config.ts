import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed';

// What is built lies inside the Python package, so that the wheel carries it. Assets are files of
// their own, never data: addresses, which the page's content security policy would refuse.
export default defineConfig({
  base: '/',
  plugins: [react(), compressed()],
  worker: { format: 'es' },
  build: {
    outDir: '../../../src/whence/server/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/api': process.env.WHENCE_SERVER ?? 'http://127.0.0.1:5500' } },
});
