import { useQuery } from '@tanstack/react-query';

import { queries } from '../api/queries.ts';
import { useGreenroom } from '../api/sign-in.ts';

export interface AvatarPictureProps {
  avatarId: string;
  /** Left out where the name is next to the picture. */
  name?: string;
  /** Width and height in pixels. */
  size?: number;
}

/** The picture of an avatar; a placeholder of the same size while it loads, and where there is none. */
export function AvatarPicture({ avatarId, name = '', size = 32 }: AvatarPictureProps) {
  const { data } = useQuery(queries.avatarPreview(useGreenroom(), avatarId));
  const shared = { className: 'avatar', width: size, height: size };
  if (data === undefined) {
    return <span {...shared} className="avatar none" style={{ width: size, height: size }} />;
  }
  return <img {...shared} src={addressOf(data)} alt={name} />;
}

/** Kept while the page is open: a list shows few pictures many times, and a new URL would load one again. */
const objectUrls = new WeakMap<Blob, string>();

function addressOf(blob: Blob): string {
  let address = objectUrls.get(blob);
  if (address === undefined) {
    address = URL.createObjectURL(blob);
    objectUrls.set(blob, address);
  }
  return address;
}
