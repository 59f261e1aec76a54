const LIMIT = 100;
const kept = new Map<string, unknown>();

/** The answers last seen, by key, so that going back draws at once; the oldest give way. */
export const cache = {
  get: (key: string): unknown => kept.get(key),
  set(key: string, value: unknown): void {
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > LIMIT) {
      const oldest = kept.keys().next();
      if (!oldest.done) kept.delete(oldest.value);
    }
  },
  clear: (): void => kept.clear(),
};
