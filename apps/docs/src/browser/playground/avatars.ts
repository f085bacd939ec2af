import type { Greenroom, Schemas } from '@greenroom/client';

import { element } from './element.ts';

/** More avatars than this are not offered. */
const MAX_AVATARS = 24;

/** Offers the avatars that a key can use, with their pictures, in place of those of the page, while the key is current. */
export async function showAvatars(greenroom: Greenroom, isCurrent: () => boolean): Promise<void> {
  const list = element('#avatars', HTMLElement);
  const { data } = await greenroom.avatars.list({ limit: MAX_AVATARS });
  if (!isCurrent()) return;
  const chosen = chosenAvatar();
  const ready = data.filter(({ status }) => status === 'ready');
  list.replaceChildren(...ready.map((avatar, index) => choice(avatar, avatar.id === chosen || index === 0)));
  const selected = list.querySelector<HTMLInputElement>(`input[value="${chosen}"]`);
  if (selected !== null) selected.checked = true;
  // An avatar without a picture can be chosen too.
  await Promise.allSettled(
    ready.map(async ({ id }) => {
      const picture = await greenroom.avatars.preview(id);
      const image = list.querySelector<HTMLImageElement>(`input[value="${id}"] + img`);
      if (image !== null) image.src = URL.createObjectURL(picture);
    }),
  );
}

/** The id of the chosen avatar. */
export function chosenAvatar(): string {
  return document.querySelector<HTMLInputElement>('#avatars input:checked')?.value ?? '';
}

/** Shows the picture of the chosen avatar where the call will be. */
export function showPoster(): void {
  const picture = document.querySelector<HTMLImageElement>('#avatars input:checked + img');
  if (picture !== null) element('.stage img', HTMLImageElement).src = picture.src;
}

function choice({ id, name }: Schemas['Avatar'], checked: boolean): HTMLLabelElement {
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.type = 'radio';
  input.name = 'avatar';
  input.value = id;
  input.checked = checked;
  const image = document.createElement('img');
  image.alt = '';
  image.width = 512;
  image.height = 512;
  const text = document.createElement('span');
  text.textContent = name;
  label.append(input, image, text);
  return label;
}
