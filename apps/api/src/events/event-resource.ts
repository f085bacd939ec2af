import type { components } from '@greenroom/contract';

import { createdAt } from '../common/ids.ts';
import { recordOfSnapshot, sessionResource } from '../sessions/session-record.ts';
import type { EventRow } from './event-repository.ts';

type Resource = components['schemas']['Event'];

/** Returns an event as the document describes it. */
export function eventResource(event: EventRow): Resource {
  const { id, type, data } = event;
  const object = type.startsWith('session.') ? sessionResource(recordOfSnapshot(event, data)) : data;
  return {
    id,
    object: 'event',
    type: type as Resource['type'],
    created_at: createdAt(id).toISOString(),
    data: { object: object as Resource['data']['object'] },
  };
}
