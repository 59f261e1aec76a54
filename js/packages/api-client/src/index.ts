export type * from './types';
export { WhenceClient } from './client';
export { ApiError } from './error';
export { parseEvent } from './events';
export { ProjectApi, type LineageQuery, type RunQuery } from './project';
export { queryString } from './query';
export { saveBlob } from './save';
