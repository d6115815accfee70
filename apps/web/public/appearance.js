// The chosen appearance (see src/appearance), before the first paint: a module would come after it.
try {
  const { theme } = JSON.parse(localStorage.getItem('veche.preferences') ?? '{}');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // no storage, or not ours: the system's appearance
}
