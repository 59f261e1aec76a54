import { WhenceClient } from '@whence/api-client';

/** The server that this page came from. */
export const server = new WhenceClient();
