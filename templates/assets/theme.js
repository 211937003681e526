// Light or dark: what the reader chose before is set before the page is drawn, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const isSystemDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
  const remembered = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is forbidden: the choice holds for this page
    }
  };
  const remember = (theme) => {
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {
      // as above
    }
  };
  const set = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  const isDark = () => (root.dataset.theme ?? (isSystemDark() ? "dark" : "light")) === "dark";

  set(remembered());
  document.addEventListener("DOMContentLoaded", () => {
    root.dataset.title = document.title; // for the margin of the printed page
    const button = document.querySelector(".theme");
    if (!button) return;
    const name = () => {
      button.textContent = isDark() ? "Nền sáng" : "Nền tối";
    };
    button.addEventListener("click", () => {
      const isChosenDark = !isDark();
      // Who returns to what the system shows follows the system again.
      const theme = isChosenDark === isSystemDark() ? null : isChosenDark ? "dark" : "light";
      set(theme);
      remember(theme);
      name();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
    name();
    button.hidden = false;
  });
})();
