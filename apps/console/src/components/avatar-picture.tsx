import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

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
  const address = useObjectUrl(data);
  const shared = { className: 'avatar', width: size, height: size };
  if (address === null) {
    return <span {...shared} className="avatar none" style={{ width: size, height: size }} />;
  }
  return <img {...shared} src={address} alt={name} />;
}

/** Returns an address of a blob, which is revoked when the component no longer needs it. */
function useObjectUrl(blob: Blob | undefined): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (blob === undefined) return undefined;
    const created = URL.createObjectURL(blob);
    setAddress(created);
    return () => {
      setAddress(null);
      URL.revokeObjectURL(created);
    };
  }, [blob]);
  return address;
}
