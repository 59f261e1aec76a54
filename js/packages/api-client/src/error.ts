/** What went wrong with a request, in the words of the server (RFC 9457) when there are any. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail || title);
    this.name = 'ApiError';
  }

  /** The same request may well succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  static unreachable(): ApiError {
    return new ApiError(0, 'unreachable', 'No answer', 'The server did not answer. Is it running?');
  }

  static async from(response: Response): Promise<ApiError> {
    const title = response.statusText || `Status ${String(response.status)}`;
    const problem: unknown = await response.json().catch(() => null);
    const word = (key: string) => field(problem, key);
    return new ApiError(
      response.status,
      word('code') ?? 'http',
      word('title') ?? title,
      word('detail') ?? '',
    );
  }
}

function field(problem: unknown, key: string): string | undefined {
  if (typeof problem !== 'object' || problem === null) return undefined;
  const value = (problem as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}
