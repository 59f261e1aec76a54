import { ApiError } from './error';
import { type Parameter, queryString } from './query';

export interface TransportOptions {
  base?: string;
  token?: () => string | null;
  fetch?: typeof fetch;
}

/** Sends requests to one server; throws `ApiError`, or an abort as the browser throws it. */
export class Transport {
  readonly base: string;
  private readonly token: () => string | null;
  private readonly send: typeof fetch;

  constructor(options: TransportOptions = {}) {
    this.base = options.base ?? '/api/v1';
    this.token = options.token ?? (() => null);
    this.send = options.fetch ?? ((input, init) => fetch(input, init));
  }

  url(path: string, parameters: Readonly<Record<string, Parameter>> = {}): string {
    return `${this.base}${path}${queryString(parameters)}`;
  }

  async open(url: string, accept: string, request: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: accept };
    // No page of another site can set this, so the server changes something only for who does.
    if (request.method) headers['X-Whence'] = '1';
    const token = this.token();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (request.body) headers['Content-Type'] = 'application/json';
    let response: Response;
    try {
      response = await this.send(url, { credentials: 'same-origin', ...request, headers });
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw ApiError.unreachable();
    }
    if (!response.ok) throw await ApiError.from(response);
    return response;
  }

  async json<T>(url: string, signal?: AbortSignal): Promise<T> {
    const response = await this.open(url, 'application/json', { signal: signal ?? null });
    return (await response.json()) as T;
  }
}
