import type { OpenApiDocument, Operation } from '@greenroom/contract/document';

import { clientSample } from './client.ts';
import { curlSample } from './curl.ts';
import { exampleRequest } from './example-request.ts';
import { fetchSample } from './fetch.ts';
import { pythonSample } from './python.ts';

/** Code that calls an operation in one language, ready to paste and run. */
export interface Sample {
  id: 'curl' | 'fetch' | 'python' | 'client';
  label: string;
  /** The language to highlight it in. */
  language: 'sh' | 'js' | 'py';
  source: string;
}

/**
 * Returns the samples of an operation, from its path, parameters, security and the first example of its body. Address
 * and key come from the environment, as `GREENROOM_URL` and `GREENROOM_API_KEY`.
 */
export async function samplesOf(document: OpenApiDocument, operation: Operation): Promise<Sample[]> {
  const request = exampleRequest(document, operation);
  return [
    { id: 'curl', label: 'curl', language: 'sh', source: curlSample(request) },
    { id: 'fetch', label: 'JavaScript', language: 'js', source: await fetchSample(request) },
    { id: 'python', label: 'Python', language: 'py', source: pythonSample(request) },
    { id: 'client', label: '@greenroom/client', language: 'js', source: await clientSample(request) },
  ];
}
