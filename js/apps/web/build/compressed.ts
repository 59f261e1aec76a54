import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const WORTH = 1024;

/** Writes `.br` and `.gz` beside each file that is built, so that the server only has to send it. */
export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'whence-compressed',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir.startsWith('/')
        ? config.build.outDir
        : join(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(folder, { recursive: true });
      await Promise.all(files.filter((name) => /\.(js|css|html|svg)$/.test(name)).map(write));
    },
  };

  async function write(name: string): Promise<void> {
    const place = join(folder, name);
    const bytes = await readFile(place);
    if (bytes.length < WORTH) return;
    await writeFile(`${place}.br`, brotliCompressSync(bytes));
    await writeFile(`${place}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
