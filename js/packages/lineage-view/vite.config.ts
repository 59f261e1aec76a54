import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: new URL('./demo', import.meta.url).pathname,
  base: './',
  plugins: [react()],
  build: { outDir: '../dist/demo', emptyOutDir: true, target: 'es2022' },
});
