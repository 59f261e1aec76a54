const begun = new Map<string, Promise<unknown>>();

/** Begins a question before the page is drawn; who draws its answer takes it by the key. */
export function begin<T>(key: string, asked: Promise<T>): Promise<T> {
  begun.set(key, asked);
  asked.catch(() => undefined); // told to who takes it
  return asked;
}

/** The answer on its way to a question that was begun early; once, for later it may be stale. */
export function taken<T>(key: string): Promise<T> | undefined {
  const asked = begun.get(key) as Promise<T> | undefined;
  begun.delete(key);
  return asked;
}
