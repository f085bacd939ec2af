export { copyText } from './copy-text.ts';

/** The browser's storage key of the chosen theme. The console's `public/theme.js`, which is not bundled, repeats it. */
export const THEME_KEY = 'greenroom.theme';
