/* The search page. A query becomes regular expressions that forgive what it leaves out: nothing is indexed, and a match
   stands at its true place. No module: browsers refuse those on pages opened from a folder. */
"use strict";
{
  // What matches, and how well: pure, tested in Node.

  const LETTERS = "0-9A-Za-zÀ-ÖØ-öø-\u1fff"; // Classes such as \p{L} take longer to compile than a search may last.
  const BETWEEN = `[^${LETTERS}\\n]{1,5}`; // Neighbours across blanks and signs: «Bà Rịa - Vũng Tàu».
  const WORD = new RegExp(`[${LETTERS}]+`, "g");
  const MOST_WORDS = 16;
  const TEXT = 3; // Of the fields of an item: title, names of places, summary, text.
  const TIER = 4; // Ranks within one field.
  const SCATTERED = 16; // The rank from which on words do not stand together.

  /** Return the text without accents, in lower case. */
  const fold = (text) => text.replace(/[đĐðÐɖƉ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const slug = (text) => fold(text).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

  /** The letters that are read as each plain one. */
  const ACCENTED = {};
  for (const [first, last] of [[0x41, 0x260], [0x1e00, 0x1eff]]) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code), plain = fold(letter);
      if (/^[a-z]$/.test(plain)) ACCENTED[plain] = (ACCENTED[plain] ?? "") + letter;
    }
  }

  /** Return the pattern of a typed letter: a plain one stands for any accent, an accented one for itself. */
  function letterPattern(letter, exact) {
    if (letter === "đ") return "[đĐðÐɖƉ]";
    return `[${(!exact && ACCENTED[letter]) || letter + letter.toUpperCase()}]`;
  }

  /** Return how a word may be written: its tone on either vowel of hoà and hòa, but never qúy for quý. */
  function spellings(word) {
    const end = word.slice(-2).normalize("NFD");
    const [tone] = end.match(/[\u0300\u0301\u0303\u0309\u0323]/) ?? [""];
    const bare = end.replace(tone, "");
    if (!tone || !/^(?:oa|oe|uy)$/.test(bare) || word.slice(-3, -2) + bare === "quy") return [word];
    const start = word.slice(0, -2);
    return [start + bare[0] + tone + bare[1], start + bare + tone].map((one) => one.normalize("NFC"));
  }

  function wordPattern(word, exact) {
    const ways = spellings(word).map((one) => [...one].map((letter) => letterPattern(letter, exact)).join(""));
    return `(?:${ways.join("|")})`;
  }

  /** Return the expression of words that follow one another; unless `whole`, the last is a word's beginning. */
  function expression(words, { exact = false, whole = false } = {}) {
    const pattern = words.map((word) => wordPattern(word, exact)).join(BETWEEN);
    return new RegExp(`(?<![${LETTERS}])${pattern}${whole ? `(?![${LETTERS}])` : ""}`);
  }

  /** Return what a query asks for. */
  function compile(query) {
    const lower = query.normalize("NFC").toLowerCase().replace(/[ðɖ]/g, "đ");
    const words = (lower.match(WORD) ?? []).slice(0, MOST_WORDS);
    // A word that is not typed to its end is the last one; «đang nâng» does not answer «da nang».
    const each = (exact) => words.map((word, at) => expression([word], { exact, whole: at < words.length - 1 }));
    return {
      words,
      loose: each(false),
      exact: each(true),
      wholeLast: expression(words.slice(-1), { whole: true }),
      sequence: expression(words),
      wholeSequence: expression(words, { whole: true }),
      exactSequence: expression(words, { exact: true }),
    };
  }

  const fieldOf = (wanted, fields) => fields.findIndex((field) => wanted.test(field));

  /** Return how well fields answer a query, 0 best; -1 if they lack a word of it. Words together come before scattered
      ones, then title, places, summary, text, then words typed to their end, then exact accents. */
  function rank(query, fields) {
    if (query.words.length === 0) return 0;
    let deepest = 0;
    for (const word of query.loose) {
      const at = fieldOf(word, fields);
      if (at < 0) return -1;
      deepest = Math.max(deepest, at);
    }
    const score = (field, isWhole, isExact) => TIER * field + (isWhole ? 0 : 2) + (isExact ? 0 : 1);
    const together = query.words.length === 1 ? deepest : fieldOf(query.sequence, fields);
    if (together >= 0) {
      return score(together, query.wholeSequence.test(fields[together]), query.exactSequence.test(fields[together]));
    }
    const isExact = query.exact.every((word) => fieldOf(word, fields) >= 0);
    return SCATTERED + score(deepest, fieldOf(query.wholeLast, fields) >= 0, isExact);
  }

  /** Return a text as [part, is it marked]; where the words stand together, no lone one of them is marked. */
  function marked(query, text, isTogether) {
    const marks = (isTogether ? [query.sequence] : query.loose).map((one) => one.source).join("|");
    const parts = [];
    let end = 0;
    for (const match of query.words.length ? text.matchAll(new RegExp(marks, "g")) : []) {
      if (match.index > end) parts.push([text.slice(end, match.index), false]);
      end = match.index + match[0].length;
      parts.push([match[0], true]);
    }
    if (end < text.length) parts.push([text.slice(end), false]);
    return parts;
  }

  /** Return what to show below a title: the summary, or where the text answers. */
  function excerpt(query, fields, summary, length = 220) {
    const together = fieldOf(query.sequence, fields);
    const isText = (word) => fieldOf(word, fields) === TEXT;
    const wanted = together < 0 ? query.loose.find(isText) : together === TEXT && query.sequence;
    if (!wanted) return summary;
    const text = fields[TEXT], start = Math.max(0, text.search(wanted) - 70), end = start + length;
    const shown = text.slice(start, end);
    const begun = start > 0 ? shown.replace(/^\S{0,30}\s/, "… ") : shown;
    return end < text.length ? begun.replace(/\s\S{0,30}$/, " …") : begun;
  }

  /** Return easier queries, the nearest first: without accents, without a word, without the last letters. */
  function easier(query) {
    const words = query.trim().split(/\s+/), whole = words.join(" ");
    const shorter = words.length > 1
      ? [words.slice(0, -1).join(" "), words.slice(1).join(" ")]
      : [whole.slice(0, -1), whole.slice(0, -2)];
    const all = new Set([whole, ...shorter].flatMap((one) => [fold(one), one]));
    return [...all].filter((one) => one.length > 2 && one !== whole).slice(0, 4);
  }

  /** Return the item that a record stands for; `places` holds by id what places are called. */
  function itemOf(record, places) {
    const { title, date, category = "", summary = "" } = record;
    const names = Object.entries(record.places).flatMap(([id, name]) => [name, ...(places[id] ?? [])]);
    const keys = { tinh: Object.keys(record.places), nam: [date.slice(0, 4)], "chuyen-muc": category ? [slug(category)] : [] };
    return { ...record, keys, fields: [title, names.join("\n"), `${category}\n${summary}`, ""] };
  }

  /** Return the items that pass the filters; one of these may be left aside. */
  function filtered(items, filters, aside) {
    const set = Object.entries(filters).filter(([name, value]) => value && name !== aside);
    return set.length ? items.filter(({ keys }) => set.every(([name, value]) => keys[name].includes(value))) : items;
  }

  /** Return how many of the items each value of a filter would leave. */
  function facet(items, filters, name) {
    const counts = new Map();
    for (const { keys } of filtered(items, filters, name)) {
      for (const key of keys[name]) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  if (typeof module === "object") {
    module.exports = { compile, easier, excerpt, facet, filtered, fold, itemOf, marked, rank };
  }

  // The page.

  const PAGE = 20; // Hits shown at once, and how many are enough to stop reading texts.
  const SLICE = 12; // Milliseconds of work before the reader's keys have their turn.
  const FIRST_LOOK = 80; // Milliseconds after which a search shows what it has so far.
  const FILES_AT_ONCE = 4;
  const FILES_MORE = 12;

  const LOADING = "Đang tải dữ liệu…";
  const { compare } = new Intl.Collator("vi");
  const counted = (count) => count.toLocaleString("vi");

  /** Let the reader's keys and the screen have their turn; timers would wait for longer. */
  const { port1, port2 } = new MessageChannel(), waiting = [];
  const pause = () => new Promise((resume) => {
    waiting.push(resume);
    port1.onmessage = () => waiting.shift()();
    port2.postMessage(0);
  });

  async function read(address) {
    // Asked for anew each time (a short answer if nothing changed): a publication may have replaced it.
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  }

  /** Titles of all years and, as far as they were read, texts. */
  class Library {
    items = []; // Newest first.
    byUrl = new Map();
    places = {};
    texts = [];
    isWhole = false;

    constructor(index) {
      this.index = index;
    }

    /** Read the titles, newest year first, and tell after each year. */
    async open(tell) {
      const { places, files } = await read(this.index);
      this.places = places;
      this.texts = files.flatMap((of) => of.texts.map((path) => ({ path, year: String(of.year) })));
      const years = files.map((of) => read(new URL(of.titles, this.index)));
      for (const year of years) year.catch(() => {}); // Awaited below, in their order.
      for (const year of years) {
        for (const record of await year) {
          if (this.items.length % 250 === 249) await pause();
          const item = itemOf(record, places);
          this.items.push(item);
          this.byUrl.set(item.url, item);
        }
        await pause();
        tell();
      }
      this.isWhole = true;
      tell();
    }

    unread(year) {
      return this.texts.filter((file) => !file.isRead && (!year || file.year === year));
    }

    /** Return the items whose texts a file brings; of a later publication, it may know other items. */
    async readTexts(file) {
      const found = await (file.reading ??= read(new URL(file.path, this.index)).catch(() => null));
      file.isRead = true;
      file.isMissing = !found;
      const items = Object.keys(found ?? {}).map((url) => this.byUrl.get(url)).filter(Boolean);
      for (const item of items) item.fields[TEXT] = found[item.url];
      return items;
    }
  }

  class SearchPage {
    turn = 0;
    wanted = PAGE;
    more = 0; // Files of texts to read though there are enough hits.
    hits = new Map();
    typed = -Infinity;

    constructor(form) {
      this.form = form;
      this.field = form.elements.q;
      this.filters = [...form.querySelectorAll("select")];
      this.list = document.getElementById("ket-qua");
      for (const name of ["folder", "broken", "status", "scope", "advice", "next", "older"]) {
        this[name] = document.getElementById(`_${name}`);
      }
      // «../» or «../index.html».
      [, this.root, this.leaf] = form.dataset.home.match(/^(.*\/)(.*)$/);
      this.library = new Library(new URL(form.dataset.index, document.baseURI));
    }

    async start() {
      this.folder.hidden = location.protocol !== "file:";
      if (!this.folder.hidden) return;
      this.form.querySelector(".filters").hidden = false;
      this.readAddress();
      this.listen();
      if (!this.field.value && matchMedia("(hover: hover)").matches) this.field.focus();
      this.say(LOADING);
      try {
        await this.library.open(() => this.search());
      } catch {
        this.say("");
        this.broken.hidden = false;
      }
    }

    listen() {
      let timer;
      this.field.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.change(), 60);
      });
      this.form.addEventListener("change", (event) => event.target !== this.field && this.change());
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        clearTimeout(timer);
        this.change();
      });
      this.next.addEventListener("click", () => this.showMore(PAGE, 0));
      this.older.addEventListener("click", () => this.showMore(0, FILES_MORE));
      addEventListener("popstate", () => {
        this.readAddress();
        this.search();
      });
      addEventListener("keydown", (event) => this.move(event));
    }

    readAddress() {
      const asked = new URLSearchParams(location.search);
      this.wanted = PAGE;
      this.field.value = asked.get("q") ?? "";
      for (const filter of this.filters) choose(filter, asked.get(filter.name) ?? "");
    }

    /** Follow what was typed or chosen. A pause in typing makes a new entry for the back button. */
    change() {
      const asked = new URLSearchParams(new FormData(this.form));
      for (const [name, value] of [...asked]) if (!value.trim()) asked.delete(name);
      const address = asked.size ? `?${asked}` : "";
      if (address !== location.search) {
        const isNew = performance.now() - this.typed > 1000;
        history[isNew ? "pushState" : "replaceState"](null, "", address || location.pathname);
      }
      this.typed = performance.now();
      this.wanted = PAGE;
      this.more = 0;
      this.search();
    }

    async showMore(hits, files) {
      const before = this.list.children.length;
      this.wanted += hits;
      this.more = files;
      await this.search();
      if (hits) this.list.children[before]?.querySelector("a").focus();
    }

    /** Move the focus by keys: `/` to the field, arrows from there through the hits, Escape back. */
    move(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { key, target } = event;
      const links = [...this.list.querySelectorAll("a")];
      const at = links.indexOf(target);
      let next;
      if (key === "/" && !target.matches("input, select")) next = this.field;
      if (key === "ArrowDown" && (at >= 0 || target === this.field)) next = links[at + 1];
      if (key === "ArrowUp" && at >= 0) next = links[at - 1] ?? this.field;
      if (key === "Escape" && at >= 0) next = this.field;
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.select?.();
    }

    /** Search what is there; then, until there are enough hits, the texts, newest first. */
    async search() {
      const turn = ++this.turn, isOld = () => turn !== this.turn;
      const { library } = this, asked = this.field.value.trim(), query = compile(asked);
      const filters = Object.fromEntries(this.filters.map((filter) => [filter.name, filter.value]));
      const hits = new Map();
      const isIdle = query.words.length === 0 && !Object.values(filters).some(Boolean);
      const unread = () => (query.words.length ? library.unread(filters.nam) : []);
      Object.assign(this, { hits, query, asked, chosen: filters, isIdle });
      this.form.setAttribute("aria-busy", true);
      let late = performance.now() + FIRST_LOOK;
      await this.look(query, library.items, hits, isOld, () => {
        if (performance.now() < late) return;
        late = Infinity;
        this.show(unread(), true);
      });
      await pause();
      if (isOld()) return;
      while (library.isWhole && unread().length && (this.more > 0 || this.visible().length < this.wanted)) {
        this.show(unread(), true);
        const files = unread().slice(0, FILES_AT_ONCE);
        this.more -= files.length;
        for (const items of await Promise.all(files.map((file) => library.readTexts(file)))) {
          await this.look(query, items, hits, isOld);
          if (isOld()) return;
        }
      }
      const found = this.show(unread());
      if (library.isWhole && !isIdle && found === 0) await this.advise(isOld);
    }

    /** Add the items that answer the query to the hits, a slice of work at a time. */
    async look(query, items, hits, isOld, tell) {
      let until = performance.now() + SLICE;
      for (const [at, item] of items.entries()) {
        if (at % 32 === 0 && performance.now() > until) {
          await pause();
          if (isOld()) return;
          tell?.();
          until = performance.now() + SLICE;
        }
        const found = rank(query, item.fields);
        if (found >= 0) hits.set(item, found);
      }
    }

    /** Return the hits that pass the filters, best first, newest first among equals. */
    visible() {
      const tiers = [];
      const found = this.library.items.filter((item) => this.hits.has(item));
      for (const item of filtered(found, this.chosen)) (tiers[this.hits.get(item)] ??= []).push(item);
      return tiers.flat();
    }

    /** Show what was found and return how much it is. */
    show(unread, isReading = false) {
      const { isWhole } = this.library, isDone = isWhole && !isReading;
      const found = this.isIdle ? [] : this.visible();
      this.showFacets();
      this.showHits(found.slice(0, this.wanted));
      this.advice.replaceChildren();
      this.form.setAttribute("aria-busy", !isDone && this.broken.hidden);
      this.next.hidden = found.length <= this.wanted;
      this.older.hidden = !isDone || unread.length === 0;
      this.scope.textContent = isDone && this.query.words.length ? this.reach(unread) : "";
      if (isDone) this.say(this.count(found.length, unread.length > 0));
      else if (this.broken.hidden) this.say(isWhole ? `Đang tìm «${this.asked}» trong toàn văn…` : LOADING);
      return found.length;
    }

    count(number, isAtLeast) {
      if (this.isIdle) return `Gõ để tìm trong ${counted(this.library.items.length)} bài.`;
      const what = this.query.words.length ? ` cho «${this.asked}»` : "";
      if (number === 0) return `Không có bài nào${what}.`;
      return `Có ${isAtLeast ? "ít nhất " : ""}${counted(number)} bài${what}.`;
    }

    /** Say how far the search has gone: a count is worth no more than that. */
    reach([next]) {
      if (this.library.texts.some((file) => file.isMissing)) return "Một phần toàn văn không tải được: có thể thiếu bài.";
      if (!next) return "Đã tìm trong tiêu đề, tóm tắt và toàn văn.";
      const [, year, month] = next.path.match(/(\d{4})-(\d\d)/);
      return `Đã tìm trong mọi tiêu đề và tóm tắt; toàn văn từ tháng ${Number(month)}/${year} về trước chưa tìm.`;
    }

    showFacets() {
      const items = this.isIdle ? this.library.items : [...this.hits.keys()];
      for (const filter of this.filters) {
        const values = facet(items, this.chosen, filter.name), value = this.chosen[filter.name];
        if (value && !values.has(value)) values.set(value, 0);
        const names = this.namesOf(filter.name, items);
        const options = [...values].map(([key, count]) => [names.get(key) ?? key, key, count]);
        options.sort(([a], [b]) => (filter.name === "nam" ? b - a : compare(a, b)));
        const shown = options.map(([name, key, count]) => new Option(`${name} (${counted(count)})`, key));
        filter.replaceChildren(filter.options[0], ...shown);
        filter.value = value;
        filter.closest("p").hidden = options.length === 0;
      }
    }

    namesOf(filter, items) {
      const names = new Map();
      if (filter === "tinh") for (const [id, [name]] of Object.entries(this.library.places)) names.set(id, name);
      if (filter === "chuyen-muc") for (const { category } of items) if (category) names.set(slug(category), category);
      return names;
    }

    showHits(found) {
      const key = JSON.stringify([this.asked, found.map((item) => [item.url, Boolean(item.fields[TEXT])])]);
      if (key === this.shown) return;
      this.shown = key;
      const focused = document.activeElement.closest("#ket-qua a")?.href;
      this.list.replaceChildren(...found.map((item) => this.hit(item)));
      const again = focused && [...this.list.querySelectorAll("a")].find((link) => link.href === focused);
      again?.focus({ preventScroll: true });
    }

    hit(item) {
      const node = document.getElementById("_hit").content.cloneNode(true).firstElementChild;
      const part = (name) => node.querySelector(name);
      part("a").href = this.root + item.url.slice(1) + this.leaf;
      this.mark(part("a"), item.title, item);
      this.mark(part(".places"), Object.values(item.places).join(", "), item);
      part("time").dateTime = item.date;
      part("time").textContent = item.date.split("-").reverse().join("/");
      for (const name of ["amount", "category", "draft"]) {
        if (typeof item[name] === "string") part(`.${name}`).textContent = item[name];
        if (!item[name]) part(`.${name}`).parentNode.remove();
      }
      this.mark(part(".summary"), excerpt(this.query, item.fields, item.summary ?? ""), item);
      return node;
    }

    mark(node, text, item) {
      for (const [part, isMarked] of marked(this.query, text, this.hits.get(item) < SCATTERED)) {
        const piece = isMarked ? document.createElement("mark") : new Text();
        piece.textContent = part;
        node.append(piece);
      }
    }

    /** Propose what would find something: no filters, or an easier query. */
    async advise(isOld) {
      const offers = [];
      const offer = (text, act) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.addEventListener("click", () => {
          act();
          this.change();
          this.field.focus();
        });
        offers.push(button);
      };
      const clear = () => this.filters.forEach((filter) => choose(filter, ""));
      if (this.hits.size) offer(`Bỏ bộ lọc (${counted(this.hits.size)} bài)`, clear);
      for (const query of this.hits.size ? [] : easier(this.asked)) {
        const hits = new Map();
        await this.look(compile(query), this.library.items, hits, isOld);
        if (isOld()) return;
        const count = filtered([...hits.keys()], this.chosen).length;
        if (hits.size) offer(`${query} (${counted(count || hits.size)} bài)`, () => {
          if (!count) clear();
          this.field.value = query;
        });
      }
      this.advice.replaceChildren(offers.length ? "Thử tìm:" : "Hãy gõ ít từ hơn, hoặc gõ không dấu.", ...offers);
    }

    say(text) {
      if (this.status.textContent !== text) this.status.textContent = text;
    }
  }

  /** Choose a value of a filter, also one that no item has. */
  function choose(filter, value) {
    if (![...filter.options].some((option) => option.value === value)) filter.add(new Option(value, value));
    filter.value = value;
  }

  if (typeof document === "object") new SearchPage(document.getElementById("_search")).start();
}
