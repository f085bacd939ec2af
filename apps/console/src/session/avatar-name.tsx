import { useQuery } from '@tanstack/react-query';

import { queries } from '../api/queries.ts';
import { useGreenroom } from '../api/sign-in.ts';

/** The name of an avatar; its id while the name is unknown, and when the avatar was deleted. */
export function AvatarName({ id }: { id: string }) {
  return useQuery(queries.avatar(useGreenroom(), id)).data?.name ?? id;
}
