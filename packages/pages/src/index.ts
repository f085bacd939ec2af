export { copyText } from './copy-text.ts';
export { THEME_KEY } from './theme-key.ts';
