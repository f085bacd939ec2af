// Applies the chosen theme before the first paint. The portal uses the same key.
try {
  const { document, localStorage } = globalThis;
  const theme = localStorage.getItem('greenroom.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked, so the system decides.
}
