/** JupyterLab's own modules, taken from the scope that it shares with its extensions. */

interface SharedVersion {
  /** A factory of the module, or a promise of one. */
  get(): unknown;
}

/** By the module's name and its version. */
export type ShareScope = Record<string, Record<string, SharedVersion> | undefined>;

export class SharedModules {
  constructor(private readonly scope: ShareScope) {}

  /** The module of that name; JupyterLab has each of its own once. */
  async take<Module>(name: string): Promise<Module> {
    const versions = this.scope[name] ?? {};
    const newest = Object.keys(versions).sort(byVersion).at(-1);
    const found = newest === undefined ? undefined : versions[newest];
    if (!found) throw new Error(`JupyterLab does not share ${name}, which Whence's panel needs`);
    const factory = (await found.get()) as () => Module;
    return factory();
  }
}

/** 4.10.1 comes after 4.9.0, and after 4.10.1-rc.0. */
export function byVersion(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < 3; i++) {
    const order = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (order !== 0) return order;
  }
  return Number(right.isEarly) - Number(left.isEarly);
}

function partsOf(version: string): { numbers: number[]; isEarly: boolean } {
  const [release = '', ...early] = version.split('-');
  return { numbers: release.split('.').map(Number), isEarly: early.length > 0 };
}
