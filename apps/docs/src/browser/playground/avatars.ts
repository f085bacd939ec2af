import { GreenroomError, type Greenroom, type Schemas } from '@greenroom/client';

import { element } from './element.ts';

/** The maximum number of avatars to offer. */
const MAX_AVATARS = 24;

/** The avatar in the address, as in links of the console, or the one chosen last; null before either. */
let wanted = new URLSearchParams(location.search).get('avatar');

/** Calls `onChoice` when the reader chooses an avatar. */
export function wireAvatars(onChoice: () => void): void {
  element('#avatars', HTMLElement).addEventListener('change', () => {
    wanted = checkedAvatar();
    onChoice();
  });
}

/**
 * Replaces the avatars of the page with those that a key can use, with their pictures, while the key is current.
 *
 * @throws {GreenroomError} when the wanted avatar does not exist for the key; the others are offered
 */
export async function showAvatars(greenroom: Greenroom, isCurrent: () => boolean): Promise<void> {
  const list = element('#avatars', HTMLElement);
  const { data } = await greenroom.avatars.list({ limit: MAX_AVATARS });
  const offered = data.filter(({ status }) => status === 'ready');
  let problem: GreenroomError | null = null;
  if (wanted !== null && !offered.some(({ id }) => id === wanted)) {
    try {
      offered.unshift(await greenroom.avatars.get(wanted));
    } catch (error) {
      if (!(error instanceof GreenroomError)) throw error;
      problem = error;
    }
  }
  if (!isCurrent()) return;
  if (problem !== null) wanted = null;
  const chosen = chosenAvatar();
  const isOffered = offered.some(({ id }) => id === chosen);
  list.replaceChildren(
    ...offered.map((avatar, index) => choice(avatar, isOffered ? avatar.id === chosen : index === 0)),
  );
  // An avatar without a picture can be chosen too.
  await Promise.allSettled(
    offered.map(async ({ id }) => {
      const picture = await greenroom.avatars.preview(id);
      const image = list.querySelector<HTMLImageElement>(`input[value="${id}"] + img`);
      if (image !== null) image.src = URL.createObjectURL(picture);
    }),
  );
  if (problem !== null) throw problem;
}

/** Returns the id of the chosen avatar, even before it is offered. */
export function chosenAvatar(): string {
  return wanted ?? checkedAvatar();
}

function checkedAvatar(): string {
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
