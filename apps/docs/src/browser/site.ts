/** The script of every page. Loaded in the head, so that the theme is set before the first paint. */
import { wireCopyButtons } from './copy.ts';
import { wireMenu } from './menu.ts';
import { wireSearch } from './search.ts';
import { wireTabs } from './tabs.ts';
import { applyTheme, wireThemeSwitch } from './theme.ts';

applyTheme();
document.addEventListener('DOMContentLoaded', () => {
  wireThemeSwitch();
  wireMenu();
  wireTabs();
  wireCopyButtons();
  wireSearch();
});
