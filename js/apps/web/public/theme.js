// Before the first paint, so that a dark page does not flash white. No inline script: see the CSP.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('whence-theme');
  } catch {
    // Storage is blocked: the system's theme stands.
  }
  var dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
