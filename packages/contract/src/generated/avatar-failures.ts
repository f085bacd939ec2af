// Generated from openapi/ by `pnpm generate`. Do not edit.

export const avatarFailures = {
  no_face: 'No face was found in the image. Use a photograph of one face, from the front and in good light.',
  several_faces: 'The image shows several faces. Crop it to one, or use a photograph of one person.',
  face_turned: 'The face is turned away or tilted. Use a photograph of an upright head from the front.',
  face_too_small:
    'The face is too small: from the top of the forehead to the chin it must be at least 96 pixels high. Use a larger or closer photograph.',
  face_cut_off: 'The edge of the image cuts off the mouth or the jaw. Use a photograph of the whole head.',
  not_processed:
    'The image could not be processed in several attempts. Save it in another format or size and try again.',
} as const;

export type AvatarFailure = keyof typeof avatarFailures;
