/** Width and height of the picture, in pixels. */
export const FACE_SIZE = 512;
