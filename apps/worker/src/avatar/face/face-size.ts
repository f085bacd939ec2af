/** Width and height of a video frame, in pixels. */
export const FACE_SIZE = 512;
