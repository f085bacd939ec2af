/** What every page does beyond being read. Loaded in the head: the theme is set before anything is painted. */
import { applyTheme, wireThemeSwitch } from './theme.ts';
import { wireCopyButtons } from './copy.ts';
import { wireMenu } from './menu.ts';
import { wireSearch } from './search.ts';
import { wireTabs } from './tabs.ts';

applyTheme();
document.addEventListener('DOMContentLoaded', () => {
  wireThemeSwitch();
  wireMenu();
  wireTabs();
  wireCopyButtons();
  wireSearch();
});
