import { Dialog } from '@base-ui/react/dialog';
import { GreenroomError } from '@greenroom/client';
import { limits } from '@greenroom/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type DragEvent, type SubmitEvent } from 'react';

import { addresses } from '../../api/addresses.ts';
import { greenroomForUpload } from '../../api/upload.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { ScopedButton } from '../../components/scoped-button.tsx';
import { useToast } from '../../components/toasts.tsx';
import { CropField } from './crop-field.tsx';
import { croppedImage, WHOLE, type Crop } from './crop.ts';

/** Uploads a photograph as an avatar: choose it, crop it, name it. */
export function UploadAvatar({ onUploaded }: { onUploaded: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    onUploaded();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger render={<ScopedButton variant="primary" scope="avatars:write" />}>
        Upload avatar
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog upload">
          <div className="upload-top">
            <Dialog.Title className="dialog-title">Upload an avatar</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <Dialog.Description className="muted small">
            Use a photograph of one face from the front, upright, with the mouth closed.
          </Dialog.Description>
          <UploadForm onUploaded={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Chosen {
  image: ImageBitmap;
  crop: Crop;
}

function UploadForm({ onUploaded }: { onUploaded: () => void }) {
  const queryClient = useQueryClient();
  const toast = useToast();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [name, setName] = useState('');
  const [sentPart, setSentPart] = useState(0);
  const nameId = useId();
  const choose = useMutation({
    mutationFn: async (file: File) => ({ image: await decoded(file), name: nameOf(file) }),
    onSuccess: ({ image, name: fileName }) => {
      setChosen({ image, crop: WHOLE });
      setName((known) => (known === '' ? fileName : known));
    },
  });
  const upload = useMutation({
    mutationFn: async ({ image, crop }: Chosen) => {
      setSentPart(0);
      return greenroomForUpload(setSentPart).avatars.create({
        image: await croppedImage(image, crop),
        ...(name.trim() !== '' && { name: name.trim() }),
      });
    },
    onSuccess: async (avatar) => {
      toast(`${avatar.name} was uploaded and is being processed.`);
      await queryClient.invalidateQueries({ queryKey: ['avatars', 'list'] });
    },
  });
  const chooseAgain = () => {
    setChosen(null);
    setName('');
    choose.reset();
    upload.reset();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (chosen !== null) upload.mutate(chosen, { onSuccess: onUploaded });
  };
  const error = choose.error ?? upload.error;
  return (
    <form className="upload-form" onSubmit={submit}>
      {chosen === null ? (
        <FileField onChoose={choose.mutate} />
      ) : (
        <>
          <CropField
            image={chosen.image}
            value={chosen.crop}
            onChange={(crop) => setChosen({ ...chosen, crop })}
          />
          <label htmlFor={nameId}>Name</label>
          <input
            id={nameId}
            className="input"
            value={name}
            placeholder="Custom Avatar"
            maxLength={limits.AvatarCreate.name.maxLength}
            onChange={(event) => setName(event.target.value)}
          />
        </>
      )}
      <div role="alert" className="problem">
        {error !== null && <Problem error={error} />}
      </div>
      {upload.isPending && (
        <div className="upload-progress">
          <progress aria-label="Upload" value={sentPart} />
          <span className="muted small">
            {sentPart < 1 ? `${Math.round(sentPart * 100)}% sent` : 'Sent. The server is checking the image.'}
          </span>
        </div>
      )}
      {chosen !== null && (
        <div className="dialog-actions">
          <Button onClick={chooseAgain} disabled={upload.isPending}>
            Choose another image
          </Button>
          <Button type="submit" variant="primary" isBusy={upload.isPending}>
            {upload.isPending ? 'Uploading…' : 'Upload'}
          </Button>
        </div>
      )}
    </form>
  );
}

function FileField({ onChoose }: { onChoose: (file: File) => void }) {
  const id = useId();
  const chooseFirst = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined) onChoose(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    chooseFirst(event.dataTransfer.files);
  };
  return (
    <label htmlFor={id} className="drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Icon name="face" />
      <strong>Choose an image</strong>
      <span className="muted small">or drop it here: PNG, JPEG or WebP</span>
      <input
        id={id}
        type="file"
        className="hidden"
        accept="image/png,image/jpeg,image/webp"
        onChange={(event) => chooseFirst(event.target.files)}
      />
    </label>
  );
}

function Problem({ error }: { error: Error }) {
  if (!(error instanceof GreenroomError) || error.status === null) return error.message;
  return (
    <>
      {error.message.replace(/ See \S+\.$/, '')}{' '}
      <a href={addresses.errorPage(error.code)}>
        <code>{error.code}</code>
      </a>
    </>
  );
}

/** Resolves with the pixels of an image, rotated by its EXIF data. */
async function decoded(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (cause) {
    throw new Error(`${file.name} cannot be read as an image. Choose a PNG, JPEG or WebP file.`, { cause });
  }
}

/** Returns the default name of the avatar: that of the file, without its extension. */
function nameOf({ name }: File): string {
  return name.replace(/\.[^.]*$/, '').slice(0, limits.AvatarCreate.name.maxLength);
}
