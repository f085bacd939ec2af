export { copyText } from './copy-text.ts';

/** Where a browser keeps the theme that its user chose. The script `public/theme.js` of the console, which is not bundled, has it too. */
export const THEME_KEY = 'greenroom.theme';
