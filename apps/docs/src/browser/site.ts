/** The script of every page. Loaded in the head, so that the theme is set before the first paint. */
import { wireCopyButtons } from './copy.ts';
import { foldLongSamples } from './fold.ts';
import { wireMenu } from './menu.ts';
import { wireSearch } from './search.ts';
import { fillInServerAddress } from './server-address.ts';
import { wireTabs } from './tabs.ts';
import { applyTheme, wireThemeSwitch } from './theme.ts';

applyTheme();
document.addEventListener('DOMContentLoaded', () => {
  wireThemeSwitch();
  wireMenu();
  wireTabs();
  fillInServerAddress();
  wireCopyButtons();
  foldLongSamples();
  wireSearch();
});
