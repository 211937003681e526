// Runs in each page of the preview: reloads the page when it has changed, and shows what is wrong and what readers
// would see of its item. All words from outside are inserted as text, never as HTML.
(() => {
  "use strict";

  const own = document.currentScript;
  const loaded = Number(own.dataset.build);
  const plain = (path) => {
    try {
      return decodeURI(path);
    } catch {
      return path; // a «%» that is no escape
    }
  };
  const page = plain(location.pathname);
  const files = new URL(".", own.src);

  // The key of the scroll position, which is kept so that a page that reloads itself does not jump.
  const PLACE = "ban-tin-preview-place";
  const RETRY = 1000;

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const link = (url, text) => {
    const element = make("a", "", text);
    element.href = url;
    return element;
  };
  const button = (text, act) => {
    const element = make("button", "", text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  };
  const keep = (store, key, value) => {
    try {
      store.setItem(key, value);
    } catch {
      // storage is forbidden: nothing is remembered
    }
  };
  const kept = (store, key) => {
    try {
      return store.getItem(key);
    } catch {
      return null; // as above
    }
  };

  const host = document.createElement("ban-tin-preview");
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("overlay.css", files);
  const dialog = make("dialog", "problems");
  const panel = make("aside", "panel");
  root.append(style, panel, dialog);

  let last = null;
  let isLost = false;
  let dismissed = "";

  function renew() {
    keep(sessionStorage, PLACE, JSON.stringify([page, scrollX, scrollY]));
    location.reload();
  }

  function returnToPlace() {
    const [where, x, y] = JSON.parse(kept(sessionStorage, PLACE) ?? "[]");
    keep(sessionStorage, PLACE, "[]");
    if (where !== page || location.hash) return;
    scrollTo(x, y);
    addEventListener("load", () => scrollTo(x, y), { once: true });
  }

  function problem(found) {
    const item = make("li", found.severity, make("code", "", found.place), make("p", "", found.message));
    if (found.hint) item.append(make("p", "hint", found.hint));
    item.append(make("p", "code", `[${found.code}]`));
    return item;
  }

  function showProblems(answer) {
    const shown = JSON.stringify(answer.problems);
    if (!answer.failed) {
      dismissed = "";
      if (dialog.open) dialog.close();
      return;
    }
    const title = make("h2", "", answer.words.failed);
    title.id = "title";
    const list = make("ol", "", ...answer.problems.map(problem));
    if (answer.more) list.append(make("li", "", `+ ${answer.more} ${answer.words.more}`));
    const close = button(answer.words.close, () => dialog.close());
    dialog.replaceChildren(title, make("p", "", answer.words.kept), list, close);
    dialog.setAttribute("aria-labelledby", "title");
    dialog.onclose = () => {
      if (last.failed) dismissed = shown;
      showPanel(last);
    };
    if (!dialog.open && dismissed !== shown) dialog.showModal();
  }

  function bannerOf(answer) {
    const { banner } = answer;
    const rows = banner.lines.map(({ name, parts }) => {
      const values = parts.map(({ text, url }) => make("dd", "", url ? link(url, text) : text));
      return make("div", "", make("dt", "", name), ...values);
    });
    const warnings = answer.failed ? [] : answer.problems.map(problem);
    const details = make("details", "", make("summary", banner.visibility, banner.says), make("dl", "", ...rows));
    if (warnings.length) details.append(make("ol", "", ...warnings));
    details.open = kept(localStorage, "ban-tin-preview-banner") !== "closed";
    details.addEventListener("toggle", () => {
      keep(localStorage, "ban-tin-preview-banner", details.open ? "open" : "closed");
    });
    return details;
  }

  function showPanel(answer) {
    const { words } = answer;
    const parts = [];
    if (isLost) parts.push(make("p", "lost", words.lost));
    if (answer.failed && !dialog.open) {
      parts.push(make("p", "failed", words.failed, " ", button(words.show, () => dialog.showModal())));
    }
    const others = answer.edited.filter(({ url }) => url !== page);
    if (answer.edited.length && others.length === answer.edited.length) {
      const links = others.flatMap(({ title, url }) => [" ", link(url, title)]);
      parts.push(make("p", "edited", words.edited, ...links));
    }
    if (answer.banner) parts.push(bannerOf(answer));
    if (answer.desk) {
      const edit = answer.form ? [link(answer.form, words.form), " · "] : [];
      parts.push(make("p", "desk", ...edit, link(answer.desk, words.new)));
    }
    panel.setAttribute("aria-label", words.panel);
    panel.replaceChildren(...parts);
    panel.hidden = parts.length === 0;
  }

  // Marks links to items that readers do not see yet.
  function mark(answer) {
    for (const found of document.links) {
      const says = found.closest("main") && answer.marks[plain(found.pathname)];
      if (says && !found.nextElementSibling?.matches(".ban-tin-waiting")) {
        found.after(make("small", "draft ban-tin-waiting", ` · ${says}`));
      }
    }
  }

  let asked = 0;
  async function look() {
    const turn = ++asked;
    const address = new URL("state.json", files);
    address.searchParams.set("page", page);
    const response = await fetch(address, { cache: "no-store" });
    const answer = await response.json();
    if (turn !== asked) return; // a later request has overtaken this one
    if (answer.changed > loaded) {
      renew();
      return;
    }
    last = answer;
    host.lang = answer.language;
    showProblems(answer);
    showPanel(answer);
    mark(answer);
  }

  function listen() {
    const address = new URL("socket", files);
    address.protocol = "ws:";
    const line = new WebSocket(address);
    const say = (message) => line.send(JSON.stringify(message));
    line.onopen = () => say({ command: "hello", protocols: ["http://livereload.com/protocols/official-7"] });
    line.onmessage = ({ data }) => {
      const { command } = JSON.parse(data);
      if (command === "hello") {
        isLost = false;
        say({ command: "info", url: location.href });
        // Ask only after registering: this request finds builds from before, and the socket tells of those to come.
        look();
      } else if (command === "reload") {
        look();
      }
    };
    line.onclose = () => {
      isLost = true;
      if (last) showPanel(last);
      setTimeout(listen, RETRY);
    };
  }

  document.body.append(host);
  returnToPlace();
  listen();
})();
