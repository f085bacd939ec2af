import type { components } from './generated/wire.ts';

/** Everything the API takes and answers, by its name in the document: `Schemas['Session']`, `Schemas['Avatar']`, … */
export type Schemas = components['schemas'];
