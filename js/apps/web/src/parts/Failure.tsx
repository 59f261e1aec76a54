import type { ApiError } from '@whence/api-client';
import { Icon } from './Icon';

/** What went wrong, and a button to try again where that may help. */
export function Failure({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <div className="notice notice-bad" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{error.title || 'That failed'}</strong>
        <p>{error.detail || error.message}</p>
      </div>
      {again && (
        <button type="button" onClick={again}>
          <Icon name="retry" size={14} /> Try again
        </button>
      )}
    </div>
  );
}
