/* The search page. A query becomes regular expressions that forgive what it leaves out: nothing is indexed, and a match
   stands at its true place. No module: browsers refuse those from a folder. */
"use strict";
{
  // The rules: pure, tested in Node.

  const LETTERS = "0-9A-Za-zÀ-ÖØ-öø-\u1fff"; // \p{L} takes longer to compile than a search may last.
  const BETWEEN = `[^${LETTERS}\\n]{1,5}`; // Neighbours across blanks and signs: «Bà Rịa - Vũng Tàu».
  const WORD = new RegExp(`\\d{1,3}(?:\\.\\d{3})+(?![${LETTERS}])|[${LETTERS}]+`, "g"); // «2.000» is one.
  const MOST_WORDS = 16;
  const TITLES = ["tỉnh", "tinh", "thành phố", "thanh pho", "tp", "t p"];
  const TEXT = 3; // Of the fields of an item: title, names of places, summary, text.
  const SCATTERED = 16; // The rank from which on words do not stand together.
  const STRAY = 32; // The rank from which on items have the words, but are not of the place and time that these name.

  const fold = (text) => text.replace(/[đĐðÐɖƉ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const ACCENTED = {};
  for (const [first, last] of [[0x41, 0x260], [0x1e00, 0x1eff]]) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code), plain = fold(letter);
      if (/^[a-z]$/.test(plain)) ACCENTED[plain] = (ACCENTED[plain] ?? "") + letter;
    }
  }

  /** A plain letter stands for any accent, an accented one for itself. */
  function letterPattern(letter, exact) {
    if (letter === "đ") return "[đĐðÐɖƉ]";
    if (/\d/.test(letter)) return `(?:(?<=\\d)\\.(?=\\d{3}))?${letter}`;
    return `[${(!exact && ACCENTED[letter]) || letter + letter.toUpperCase()}]`;
  }

  /** The tone of a word may stand on either vowel of hoà and hòa; qúy is no quý. */
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

  const wordsOf = (text) => (text.match(WORD) ?? []).map((word) => word.replaceAll(".", ""));

  /** Leave out titles before names of places: «TP.HCM» is HCM, but «tinh hoa» perhaps no half-typed «tỉnh Hòa Bình». */
  function untitled(words, names) {
    const isTitle = (at, end) => {
      const next = fold(words.slice(end).join(" "));
      const isName = ({ folded: name }) => `${next} `.startsWith(`${name} `) || (next.includes(" ") && name.startsWith(next));
      return TITLES.includes(words.slice(at, end).join(" ")) && names.some(isName);
    };
    return words.filter((_, at) => !isTitle(at, at + 1) && !isTitle(at, at + 2) && !isTitle(at - 1, at + 1));
  }

  const DAY = "(?:ng[aà]y\\s+)?(0?[1-9]|[12]\\d|3[01])", MONTH = "(0?[1-9]|1[0-2])", YEAR = "((?:19|20)\\d\\d)", BAR = "\\s*[./-]\\s*";
  const OF_YEAR = `[\\s,/-]*(?:n[aă]m\\s+)?${YEAR}`, MONTHS = "th[aá]ng\\s+";
  /** How dates are typed, with what each group is; the longest first. A year before a unit of money is an amount. */
  const DATES = [
    [`${YEAR}-${MONTH}-${DAY}`, "ymd"],
    [`${DAY}${BAR}${MONTH}${BAR}${YEAR}`, "dmy"],
    [`${DAY}\\s+${MONTHS}${MONTH}(?:${OF_YEAR})?`, "dmy"],
    [`(?:${MONTHS})?${MONTH}${BAR}${YEAR}`, "my"],
    [`${YEAR}-${MONTH}`, "ym"],
    [`${MONTHS}${MONTH}(?:${OF_YEAR})?`, "my"],
    [`${DAY}/${MONTH}`, "dm"],
    [`(?:năm\\s+)?${YEAR}(?!\\s*(?:t[yỷỉ]|tri[eệ]u|ngh[iì]n|ng[aà]n)(?![${LETTERS}]))`, "y"],
  ].map(([pattern, parts]) => [new RegExp(`(?<![${LETTERS}]|\\d[.,/-])${pattern}(?![${LETTERS}]|[.,/-]\\d)`, "g"), parts]);

  /** Return the dates in a query, each as a test of an item's date with its name, and the text without them. */
  function datesIn(text) {
    const dates = [];
    for (const [pattern, parts] of DATES) {
      text = text.replace(pattern, (...found) => {
        const { y, m, d } = Object.fromEntries([...parts].map((part, at) => [part, found[at + 1]?.padStart(2, "0")]));
        const name = (d && `ngày ${d}/${m}`) ?? (m && `tháng ${+m}`), wanted = [y ?? "....", m ?? "..", d ?? ".."].join("-");
        dates.push({ pattern: new RegExp(wanted), name: name ? name + (y ? `/${y}` : "") : `năm ${y}` });
        return " ";
      });
    }
    return { dates, rest: text };
  }

  /** Return the names of places among words: where each begins and ends, and the ids that it may mean. */
  function placesIn(words, names) {
    const found = [];
    for (let from = 0; from < words.length; from++) {
      const spelt = names.filter((name) => name.words.every((word, at) => isSpelt(words[from + at], word)));
      const length = Math.max(0, ...spelt.map((name) => name.words.length)), end = from + length;
      if (length === 0) continue;
      const ids = spelt.filter((name) => name.words.length === length).map(({ id }) => id);
      found.push({ from, end, ids, mark: expression(words.slice(from, end), { whole: true }) });
      from = end - 1;
    }
    return found;
  }

  const isSpelt = (typed = "", word) => fold(typed) === fold(word) && new RegExp(`^${wordPattern(typed)}$`).test(word);

  /** Return what a query asks for: its words, the places and times among them, and the `rest` of the words.
      The name of a place alone is no more than words: what tells of the place in its title may come first. */
  function compile(query, names = []) {
    const lower = query.normalize("NFC").toLowerCase().replace(/[ðɖ]/g, "đ");
    const { dates, rest } = datesIn(lower);
    const words = untitled(wordsOf(rest), names), places = placesIn(words, names);
    // «nam 2010» may be «năm 2010» and «quảng nam 2010» is none: what is of no name is left out.
    const isOther = (word, at) => !places.some(({ from, end }) => from <= at && at < end) && !(dates.length && word === "nam");
    const others = words.filter(isOther), isMeant = dates.length > 0 || (places.length > 0 && others.length > 0);
    const whole = patterns(untitled(wordsOf(lower), names));
    const ofRest = { ...patterns(others), names: [whole.sequence, ...places.map(({ mark }) => mark)] };
    return { ...whole, names: [], dates, places, isMeant, rest: ofRest };
  }

  function patterns(all) {
    const words = all.slice(0, MOST_WORDS);
    // Only the last word may be half-typed: «đang nâng» does not answer «da nang».
    const each = (exact) => words.map((word, at) => expression([word], { exact, whole: at < words.length - 1 }));
    return {
      words,
      loose: each(false),
      exact: each(true),
      sequence: expression(words),
      wholeSequence: expression(words, { whole: true }),
      exactSequence: expression(words, { exact: true }),
    };
  }

  const fieldOf = (wanted, fields) => fields.findIndex((field) => wanted.test(field));

  /** Return how well an item answers a query, 0 best; -1 if it lacks a word of it. What is of the places and times that
      the query names comes before what only has these words. */
  function rank(query, item) {
    const asMeant = isOf(query, item) ? rankOfWords(query.rest, item.fields) : -1;
    if (asMeant >= 0) return asMeant;
    const asWords = rankOfWords(query, item.fields);
    return asWords >= 0 && query.isMeant ? STRAY + asWords : asWords;
  }

  function isOf({ isMeant, dates, places }, { date, keys }) {
    const isThere = places.every(({ ids }) => ids.some((id) => keys.tinh.includes(id)));
    return isMeant && isThere && (dates.length === 0 || dates.some(({ pattern }) => pattern.test(date)));
  }

  /** Words together come before scattered ones, then title, places, summary, text, then words typed to their end, then
      exact accents. */
  function rankOfWords(query, fields) {
    if (query.words.length === 0) return 0;
    let deepest = 0;
    for (const word of query.loose) {
      const at = fieldOf(word, fields);
      if (at < 0) return -1;
      deepest = Math.max(deepest, at);
    }
    const together = query.words.length === 1 ? deepest : fieldOf(query.sequence, fields), text = fields[together];
    if (together < 0) return SCATTERED + 2 * deepest + !query.exact.every((word) => fieldOf(word, fields) >= 0);
    return 4 * together + 2 * !query.wholeSequence.test(text) + !query.exactSequence.test(text);
  }

  /** Return what a hit of this rank is found by: the whole query or, for one of its places and times, the rest. */
  const foundBy = (query, rank) => (query.isMeant && rank < STRAY ? query.rest : query);

  /** Return a text as [part, is it marked]; where the words stand together, no lone one of them is marked. */
  function marked(query, text, rank) {
    const { words, sequence, loose, names } = foundBy(query, rank);
    const ofWords = rank % STRAY < SCATTERED ? [sequence] : loose, marks = [...names, ...(words.length ? ofWords : [])];
    const parts = marks.length ? text.split(new RegExp(`(${marks.map((one) => one.source).join("|")})`)) : [text];
    return parts.map((part, at) => [part, at % 2 === 1]).filter(([part]) => part);
  }

  /** Return what to show below a title: the summary, or where the text answers. */
  function excerpt(query, fields, summary) {
    if (query.words.length === 0) return summary;
    const together = fieldOf(query.sequence, fields);
    const isText = (word) => fieldOf(word, fields) === TEXT;
    const wanted = together < 0 ? query.loose.find(isText) : together === TEXT && query.sequence;
    if (!wanted) return summary;
    const text = fields[TEXT], start = Math.max(0, text.search(wanted) - 70), end = start + 220;
    const shown = text.slice(start, end);
    const begun = start > 0 ? shown.replace(/^\S{0,30}\s/, "… ") : shown;
    return end < text.length ? begun.replace(/\s\S{0,30}$/, " …") : begun;
  }

  /** Return easier queries, the nearest first: without accents, a word, the last letters. */
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
    const { title, date, amount = "", category = "", summary = "" } = record, year = date.slice(0, 4);
    const names = Object.entries(record.places).flatMap(([id, name]) => [name, ...(places[id] ?? [])]);
    const keys = { tinh: Object.keys(record.places), nam: [year], "chuyen-muc": category ? [category] : [] };
    return { ...record, keys, fields: [title, names.join("\n"), [category, amount, year, summary].join("\n"), ""] };
  }

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

  /** Return the names of places, each with its words as they are spelt, and folded in one. */
  function namesOf(places) {
    const nameOf = (id, name) => {
      const words = wordsOf(name.normalize("NFC").toLowerCase());
      return { id, words, folded: fold(words.join(" ")) };
    };
    return Object.entries(places).flatMap(([id, names]) => names.map((name) => nameOf(id, name)));
  }

  if (typeof module === "object") {
    module.exports = { compile, easier, excerpt, facet, filtered, fold, foundBy, itemOf, marked, namesOf, rank };
  }

  // The page.

  const PAGE = 20; // Hits shown at once, and enough to stop reading texts.
  const SLICE = 12, FIRST_LOOK = 80; // Milliseconds of work at once, and until a search shows what it has so far.
  const FILES_AT_ONCE = 4, FILES_MORE = 12;
  const counted = (count) => count.toLocaleString("vi");

  /** Let the reader's keys and the screen have their turn; timers would wait for longer. */
  const { port1, port2 } = new MessageChannel(), waiting = [];
  const pause = () => new Promise((resume) => {
    waiting.push(resume);
    port1.onmessage = () => waiting.shift()();
    port2.postMessage(0);
  });

  async function read(address) {
    // A publication may have replaced it; if not, the server's answer is short.
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  }

  /** Titles of all years and, as far as they were read, texts. */
  class Library {
    items = []; // Newest first.
    byUrl = new Map();
    places = {};
    names = [];
    texts = [];
    isWhole = false;

    /** Read the titles, newest year first, and tell after each year. */
    async open(index, tell) {
      this.index = index;
      const { places, files } = await read(index);
      const texts = files.flatMap((of) => of.texts.map((path) => ({ path, year: String(of.year) })));
      Object.assign(this, { places, names: namesOf(places), texts });
      const years = files.map((of) => read(new URL(of.titles, index)));
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

    fetch(files) {
      return Promise.all(files.map((file) => (file.reading ??= read(new URL(file.path, this.index)).catch(() => null))));
    }

    /** Give items their texts and return them; a file of a later publication may know others. */
    take(file, texts) {
      file.isRead = true;
      file.isMissing = !texts;
      const items = Object.keys(texts ?? {}).map((url) => this.byUrl.get(url)).filter(Boolean);
      for (const item of items) item.fields[TEXT] = texts[item.url];
      return items;
    }
  }

  class SearchPage {
    turn = 0;
    wanted = PAGE;
    more = 0; // Files of texts to read though there are enough hits.
    library = new Library();
    typed = -Infinity;
    isTouched = !matchMedia("(hover: hover)").matches;

    constructor(form) {
      this.form = form;
      this.field = form.elements.q;
      this.filters = [...form.querySelectorAll("select")];
      this.list = document.getElementById("ket-qua");
      for (const name of ["folder", "broken", "status", "scope", "missing", "advice", "next", "older"]) {
        this[name] = document.getElementById(`_${name}`);
      }
      // «../» or «../index.html».
      [, this.root, this.leaf] = form.dataset.home.match(/^(.*\/)(.*)$/);
    }

    async start() {
      this.folder.hidden = location.protocol !== "file:";
      if (!this.folder.hidden) return;
      this.readAddress();
      this.listen();
      if (!this.field.value && !this.isTouched) this.field.focus();
      this.say(this.status.dataset.loading);
      try {
        await this.library.open(new URL(this.form.dataset.index, document.baseURI), () => this.search());
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
      this.form.addEventListener("change", ({ target }) => {
        if (target === this.field) return;
        this.chosen = { ...this.chosen, [target.name]: target.value };
        this.change();
      });
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        clearTimeout(timer);
        this.change();
        if (this.isTouched) this.field.blur(); // Its keyboard would hide the hits.
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
      this.chosen = Object.fromEntries(this.filters.map(({ name }) => [name, asked.get(name) ?? ""]));
    }

    /** Follow what was typed or chosen; a pause makes an entry for the back button. */
    change() {
      const asked = new URLSearchParams({ q: this.field.value, ...this.chosen });
      for (const [name, value] of [...asked]) if (!value.trim()) asked.delete(name);
      const address = `${asked}` && `?${asked}`;
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
      const next = hits ? this.list.children[before]?.querySelector("a") : this.scope;
      if (hits || document.activeElement === document.body) next?.focus(); // The button is gone while texts are read.
    }

    /** Arrows lead from the field through the hits, Escape back. */
    move(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { key, target } = event;
      const links = [...this.list.querySelectorAll("a")];
      const at = links.indexOf(target);
      let next;
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
      const { library, chosen } = this, asked = this.field.value.trim(), query = compile(asked, library.names);
      const hits = new Map();
      const isFiltered = Object.values(chosen).some(Boolean), isIdle = query.words.length === 0 && !isFiltered;
      const files = query.words.length ? library.texts.filter(({ year }) => year === (chosen.nam || year)) : [];
      Object.assign(this, { hits, query, asked, isFiltered, isIdle, files });
      this.form.ariaBusy = true;
      let late = performance.now() + FIRST_LOOK;
      await this.look(query, library.items, hits, isOld, () => {
        if (performance.now() < late) return;
        late = Infinity;
        this.show(true);
      });
      await pause();
      if (isOld()) return;
      while (library.isWhole && (this.more > 0 || this.visible().length < this.wanted)) {
        const next = files.filter(isUnread).slice(0, FILES_AT_ONCE);
        if (next.length === 0) break;
        this.show(true);
        this.more -= next.length;
        for (const [at, texts] of (await library.fetch(next)).entries()) {
          if (isOld()) return; // Texts taken behind the back of the newer search would be passed over by it.
          await this.look(query, library.take(next[at], texts), hits, isOld);
        }
        if (isOld()) return;
      }
      const found = this.show();
      if (library.isWhole && !isIdle && found === 0) await this.advise(isOld);
    }

    async look(query, items, hits, isOld, tell) {
      let until = performance.now() + SLICE;
      for (const [at, item] of items.entries()) {
        if (at % 32 === 0 && performance.now() > until) {
          await pause();
          if (isOld()) return;
          tell?.();
          until = performance.now() + SLICE;
        }
        const found = rank(query, item);
        if (found >= 0) hits.set(item, found);
      }
    }

    /** Return the hits that pass the filters, best first, then newest. */
    visible() {
      const tiers = [];
      const found = this.library.items.filter((item) => this.hits.has(item));
      for (const item of filtered(found, this.chosen)) (tiers[this.hits.get(item)] ??= []).push(item);
      return tiers.flat();
    }

    show(isReading = false) {
      const { isWhole } = this.library, isDone = isWhole && !isReading;
      const unread = this.files.find(isUnread);
      const found = this.isIdle ? [] : this.visible();
      this.showFacets();
      this.showHits(found.slice(0, this.wanted));
      this.advice.replaceChildren();
      this.form.ariaBusy = !isDone && this.broken.hidden;
      this.next.hidden = found.length <= this.wanted;
      this.older.hidden = !isDone || !unread;
      this.missing.hidden = !this.files.some((file) => file.isMissing);
      this.scope.textContent = isDone && this.files.length ? this.reach(unread) : "";
      if (isDone) this.say(this.count(found, unread || !this.missing.hidden));
      else if (this.broken.hidden) this.say(isWhole ? `Đang tìm «${this.asked}» trong toàn văn…` : this.status.dataset.loading);
      return found.length;
    }

    count(found, isAtLeast) {
      const number = found.length;
      if (this.isIdle) return `Gõ để tìm trong ${counted(this.library.items.length)} bài.`;
      const what = this.query.words.length ? ` cho «${this.asked}»` : "";
      if (number === 0) return `Không có bài nào${what}.`;
      return `Có ${isAtLeast ? "ít nhất " : ""}${counted(number)} bài${what}${this.meant(found)}.`;
    }

    /** Say how many hits are of the places and times that the query names, if others follow. */
    meant(found) {
      const { isMeant, places, dates } = this.query, of = found.filter((item) => this.hits.get(item) < STRAY).length;
      if (!isMeant || of === 0 || of === found.length) return "";
      const names = places.map(({ ids: [id] }) => this.library.places[id][0]);
      return `; ${counted(of)} bài đầu là của ${[...names, ...dates.map(({ name }) => name)].join(", ")}`;
    }

    /** Say how far the search has gone: a count is worth no more than that. */
    reach(unread) {
      if (!unread) return this.scope.dataset.all;
      const [, year, month] = unread.path.match(/(\d{4})-0?(\d+)/);
      return `Đã tìm trong mọi tiêu đề và tóm tắt; toàn văn từ tháng ${month}/${year} về trước chưa tìm.`;
    }

    showFacets() {
      const items = this.isIdle ? this.library.items : [...this.hits.keys()];
      for (const filter of this.filters) {
        const values = facet(items, this.chosen, filter.name), value = this.chosen[filter.name] ?? "";
        if (value && !values.has(value)) values.set(value, 0);
        const options = [...values].map(([key, count]) => [this.library.places[key]?.[0] ?? key, key, count]);
        options.sort(([a], [b]) => (filter.name === "nam" ? b - a : a.localeCompare(b, "vi")));
        const shown = options.map(([name, key, count]) => new Option(`${name} (${counted(count)})`, key));
        filter.replaceChildren(filter.options[0], ...shown);
        filter.value = value;
        filter.closest("p").hidden &&= options.length === 0; // What was there stays: nothing jumps.
      }
    }

    showHits(found) {
      const key = JSON.stringify([this.asked, found.map(({ url, fields }) => [url, fields[TEXT] !== ""])]);
      if (key === this.shown) return;
      this.shown = key;
      const focused = document.activeElement.closest("#ket-qua a")?.href;
      this.list.replaceChildren(...found.map((item) => this.hit(item)));
      const links = [...this.list.querySelectorAll("a")];
      links.find((link) => link.href === focused)?.focus({ preventScroll: true });
    }

    hit(item) {
      const node = document.getElementById("_hit").content.cloneNode(true).firstElementChild;
      const part = (name) => node.querySelector(name);
      const shown = {
        a: item.title,
        ".place": Object.values(item.places).join(", "),
        ".amount": item.amount,
        ".category": item.category,
        ".summary": excerpt(foundBy(this.query, this.hits.get(item)), item.fields, item.summary ?? ""),
      };
      for (const [name, text = ""] of Object.entries(shown)) this.mark(part(name), text, item);
      part("a").href = this.root + item.url.slice(1) + this.leaf;
      if (item.picture) this.illustrate(node, item);
      part("time").dateTime = item.date;
      part("time").textContent = item.date.split("-").reverse().join("/");
      if (!shown[".place"]) part(".place").parentNode.remove();
      for (const name of ["amount", "category", "draft"]) if (!item[name]) part(`.${name}`).parentNode.remove();
      return node;
    }

    illustrate(node, item) {
      const [file, alt] = item.picture;
      const image = Object.assign(new Image(320, 213), { alt, className: "photo", loading: "lazy" });
      image.onerror = () => {
        node.className = ""; // The data was older than the site: since then the picture has got another name.
        image.remove();
      };
      image.src = this.root + item.url.slice(1) + file; // Last: what is lazy must be known before.
      node.className = "pictured";
      node.append(image);
    }

    mark(node, text, item) {
      const parts = marked(this.query, text, this.hits.get(item));
      node.append(...parts.map(([part, isMarked]) => (isMarked ? made("mark", part) : part)));
    }

    async advise(isOld) {
      // Also without other hits: texts of other years were not read.
      const offers = this.isFiltered ? [["Bỏ bộ lọc", this.hits.size, this.asked, {}]] : [];
      for (const query of this.hits.size ? [] : easier(this.asked)) {
        const hits = new Map();
        await this.look(compile(query, this.library.names), this.library.items, hits, isOld);
        if (isOld()) return;
        const count = filtered([...hits.keys()], this.chosen).length;
        if (hits.size) offers.push([query, count || hits.size, query, count ? this.chosen : {}]);
      }
      const buttons = offers.map(([text, count, query, chosen]) => {
        const button = made("button", text + (count ? ` (${counted(count)} bài)` : ""));
        button.onclick = () => {
          this.field.value = query;
          this.chosen = chosen;
          this.change();
          this.field.focus();
        };
        return button;
      });
      this.advice.replaceChildren(buttons.length ? "Thử tìm:" : this.advice.dataset.none, ...buttons);
    }

    say(text) {
      if (this.status.textContent !== text) this.status.textContent = text;
    }
  }

  const isUnread = (file) => !file.isRead;

  const made = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  if (typeof document === "object") new SearchPage(document.getElementById("_search")).start();
}
