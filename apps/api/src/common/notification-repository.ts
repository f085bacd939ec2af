import type { Database } from '@greenroom/database';

export interface Notification {
  channel: string;
  message: string;
}

/** Sends notifications in one statement. */
export async function sendNotifications(
  { pool }: Database,
  notifications: readonly Notification[],
): Promise<void> {
  await pool.query({
    name: 'notify',
    text: 'SELECT count(pg_notify(channel, message)) FROM unnest($1::text[], $2::text[]) AS sent(channel, message)',
    values: [notifications.map(({ channel }) => channel), notifications.map(({ message }) => message)],
  });
}
