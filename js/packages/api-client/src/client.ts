import type { Project, ServerFacts, Who } from './types';
import { ProjectApi } from './project';
import { Transport, type TransportOptions } from './transport';

/** One Whence server. */
export class WhenceClient {
  private readonly transport: Transport;

  constructor(options: TransportOptions = {}) {
    this.transport = new Transport(options);
  }

  facts = (signal?: AbortSignal) =>
    this.transport.json<ServerFacts>(this.transport.url('/'), signal);

  projects = async (signal?: AbortSignal) =>
    (await this.transport.json<{ projects: Project[] }>(this.transport.url('/projects'), signal))
      .projects;

  who = (signal?: AbortSignal) => this.transport.json<Who>(this.transport.url('/session'), signal);

  /** Begins a session by a token; it is in a cookie that no script can read. */
  signIn = async (token: string): Promise<void> => {
    const request = { method: 'POST', body: JSON.stringify({ token }) };
    await this.transport.open(this.transport.url('/session'), 'application/json', request);
  };

  signOut = async (): Promise<void> => {
    await this.transport.open(this.transport.url('/session'), '*/*', { method: 'DELETE' });
  };

  project(name: string): ProjectApi {
    return new ProjectApi(this.transport, name);
  }
}
