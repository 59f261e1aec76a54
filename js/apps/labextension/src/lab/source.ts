/** A value that others watch. */
export class Source<Value> {
  private readonly heard = new Set<() => void>();

  constructor(private value: Value) {}

  readonly get = (): Value => this.value;

  readonly subscribe = (tell: () => void): (() => void) => {
    this.heard.add(tell);
    return () => void this.heard.delete(tell);
  };

  set(value: Value): void {
    this.value = value;
    for (const tell of this.heard) tell();
  }
}
