// What a page cannot do from the server: remember two settings and listen to the keyboard. Nothing is loaded from outside.
window.observability = {
  remember: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private windows may refuse; the setting then lasts as long as the page */ } },
  recall: key => { try { return localStorage.getItem(key); } catch { return null; } },
  prefersDark: () => !matchMedia('(prefers-color-scheme: light)').matches
};

(() => {
  let pending = false;
  let timer = 0;
  const typing = element => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

  // "g" and a letter goes to a page, "/" to its filter, "t" switches the theme, "?" shows the keys. Never while somebody types.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && typing(document.activeElement)) { document.activeElement.blur(); return; }
    if (typing(document.activeElement)) return;
    const find = selector => document.querySelector(selector);
    if (pending) {
      pending = false;
      clearTimeout(timer);
      const link = /^[a-z]$/.test(event.key) && find(`nav a[data-key="${event.key}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key === 'g') { pending = true; timer = setTimeout(() => { pending = false; }, 1500); }
    else if (event.key === '/') { const filter = find('[data-filter]'); if (filter) { event.preventDefault(); filter.focus(); } }
    else if (event.key === 't') find('[data-theme-toggle]')?.click();
    else if (event.key === '?') { const keys = find('[data-keys]'); if (keys) keys.open = !keys.open; }
  });
})();
