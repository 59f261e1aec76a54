import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { prebuilt } from './build/prebuilt';

// The wheel carries what is built to share/jupyter/labextensions.
// JupyterLab serves it under an address that only it knows, so every address in it is relative.
export default defineConfig({
  base: './',
  plugins: [react(), prebuilt()],
  worker: {
    format: 'es',
    rolldownOptions: { output: { entryFileNames: 'static/[name].[hash].js' } },
  },
  build: {
    outDir: '../../../src/jupyter/labextension',
    emptyOutDir: true,
    modulePreload: false,
    target: 'es2022',
    rolldownOptions: {
      input: 'src/extension.ts',
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: 'static/[name].[hash].js',
        chunkFileNames: 'static/[name].[hash].js',
        assetFileNames: 'static/[name].[hash][extname]',
      },
    },
  },
});
