import { createContext } from 'react';

/** Whether the server asks who one is, and what to call once one has left. */
export interface SessionFacts {
  auth: boolean;
  ended: () => void;
}

export const SessionContext = createContext<SessionFacts>({ auth: false, ended: () => undefined });
