import { avatarFailures, keyModeValues } from '@greenroom/contract';
import type { Avatar, Database, Transaction } from '@greenroom/database';
import type { Logger } from 'pino';

import type { EventNotifier } from '../dispatch/dispatch-notifier.ts';
import { ApiError } from '../errors/api-error.ts';
import { appendEvent } from '../event-log/event-log-repository.ts';
import type { ImageProcessor, Portrait } from '../images/image-processor.ts';
import { settleAvatar } from './avatar-repository.ts';
import { avatarResource } from './avatar-resource.ts';
import { rescheduleOverduePortraits } from './portrait-job-repository.ts';
import {
  deleteSourceImage,
  purgePortraits,
  storePortrait,
  takeSourceImage,
  type AvatarKey,
} from './portrait-repository.ts';

/** Attempts at a source image, each ended by a lost or killed process, before its avatar fails. */
const MAX_ATTEMPTS = 3;

export interface PortraitJobOptions {
  database: Database;
  images: ImageProcessor;
  notifier: EventNotifier;
  log: Logger;
}

/** Returns the job that makes an avatar ready, or failed with the reason. It is idempotent. */
export function processPortrait({ database, images, notifier, log }: PortraitJobOptions) {
  return async (payload: unknown): Promise<void> => {
    const avatar = payload as AvatarKey;
    const taken = await takeSourceImage(database, avatar);
    if (taken === null) return;
    const outcome =
      taken.attempts > MAX_ATTEMPTS ? GIVEN_UP : await render(images, avatar.orgId, taken.sourceImage);
    await database.transaction(async (tx) => {
      const failureReason = 'failureReason' in outcome ? outcome.failureReason : null;
      // A deleted avatar has no source image left to delete.
      const settled = await settleAvatar(tx, avatar, failureReason);
      if (settled === null) return;
      if ('portrait' in outcome) await storePortrait(tx, avatar, outcome.portrait);
      else await deleteSourceImage(tx, avatar);
      await appendAvatarEvent(tx, settled, notifier);
      log.info({ avatar: avatar.id, ready: failureReason === null }, 'portrait processed');
    });
  };
}

/** Appends the event of a processed avatar. Call it last, because it locks the account until the commit. */
async function appendAvatarEvent(tx: Transaction, avatar: Avatar, notifier: EventNotifier): Promise<void> {
  const event = { type: `avatar.${avatar.status}`, data: avatarResource(avatar) };
  // A platform avatar has no mode; its event goes to both modes.
  const modes = avatar.mode === null ? keyModeValues : [avatar.mode];
  for (const mode of modes) await appendEvent(tx, { orgId: avatar.orgId, mode }, event, notifier);
}

type Outcome = { portrait: Portrait } | { failureReason: string };

const GIVEN_UP: Outcome = { failureReason: avatarFailures.not_processed };

async function render(images: ImageProcessor, orgId: string, sourceImage: Uint8Array): Promise<Outcome> {
  try {
    const rendered = await images.render(orgId, sourceImage);
    return 'failure' in rendered
      ? { failureReason: avatarFailures[rendered.failure] }
      : { portrait: rendered };
  } catch (error) {
    if (error instanceof ApiError) return { failureReason: error.message };
    throw error;
  }
}

/** Returns the periodic task that reschedules overdue portraits and erases those that no session shows any more. */
export function sweepPortraits(database: Database) {
  return async (): Promise<void> => {
    await rescheduleOverduePortraits(database);
    await purgePortraits(database);
  };
}
