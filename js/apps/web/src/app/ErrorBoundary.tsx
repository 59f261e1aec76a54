import { Component, type ReactNode } from 'react';
import { ApiError } from '@whence/api-client';
import { Failure } from '../parts/Failure';

/** Keeps an error of ours in one view from emptying the page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const told = new ApiError(
      0,
      'page',
      'This view failed, which is a bug in Whence',
      error.message,
    );
    return (
      <main className="alone">
        <Failure error={told} again={() => this.setState({ error: null })} />
      </main>
    );
  }
}
