import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

const SCHEMAS = 'schemas';

/**
 * Makes a prebuilt extension of JupyterLab out of what Vite built: the container that JupyterLab
 * loads first, the `package.json` that names it, and the schema of the settings.
 */
export function prebuilt(): Plugin {
  let root = '';
  let folder = '';
  let entry = '';
  return {
    name: 'whence-prebuilt',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      folder = join(config.root, config.build.outDir);
    },
    generateBundle(_, bundle) {
      const found = Object.values(bundle).find((one) => one.type === 'chunk' && one.isEntry);
      entry = found?.fileName.replace('static/', '') ?? '';
    },
    async closeBundle() {
      await container(root, folder, entry);
      const made = await readdir(join(folder, 'static'));
      const load = made.find((name) => name.startsWith('remoteEntry.'));
      const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Own;
      const { name, version, description, license } = own;
      const jupyterlab = {
        extension: true,
        schemaDir: 'schema',
        _build: { load: `static/${load}`, extension: './extension' },
      };
      const said = JSON.stringify({ name, version, description, license, jupyterlab }, null, 2);
      await writeFile(join(folder, 'package.json'), `${said}\n`);
      const schema = join(folder, SCHEMAS, name);
      await mkdir(schema, { recursive: true });
      await copyFile(join(root, 'schema', 'plugin.json'), join(schema, 'plugin.json'));
      await writeFile(join(schema, 'package.json.orig'), `${said}\n`);
      const install = { packageManager: 'python', packageName: 'whence' };
      await writeFile(join(folder, 'install.json'), `${JSON.stringify(install, null, 2)}\n`);
    },
  };
}

interface Own {
  name: string;
  version: string;
  description: string;
  license: string;
}

/** A classic script, which is what JupyterLab's loader takes. */
async function container(root: string, folder: string, entry: string): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    define: { __ENTRY__: JSON.stringify(`./${entry}`) },
    build: {
      outDir: join(folder, 'static'),
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: join(root, 'src', 'federation.ts'),
        output: { format: 'iife', entryFileNames: 'remoteEntry.[hash].js' },
      },
    },
  });
}
