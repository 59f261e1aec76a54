import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./layout.ts', import.meta.url).pathname);
module.bench((line) => console.log(line));
