import type { components } from '@greenroom/contract';
import { resolve, type Example, type RequestBody } from '@greenroom/contract/document';

import { document } from '../document/document.ts';

type Schemas = components['schemas'];

/** Returns the resource of the document's example of an event. */
export function sampleOf(type: Schemas['EventType']): Schemas['EventData']['object'] {
  const body = document.webhooks?.[type]?.post?.requestBody ?? { content: {} };
  const { content } = resolve<RequestBody>(document, body);
  const [example] = Object.values(content['application/json']?.examples ?? {});
  return (resolve<Example>(document, example ?? {}).value as Schemas['WebhookPayload']).data.data.object;
}
