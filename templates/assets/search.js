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
  const BEST = 4; // The rank from which on words do not stand together in the title: an older item may come before.
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
        dates.push({ pattern: new RegExp(wanted), months: new RegExp(wanted.slice(0, 7)), name: name ? name + (y ? `/${y}` : "") : `năm ${y}` });
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

  /** Tell whether a file is of the time that a query or a filter names: it is read first. */
  const isOfTime = ({ dates }, { nam }, { year, months }) => (nam ? nam === year : dates.some((date) => months.some((month) => date.months.test(month))));

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
  const MANY = 10000; // Items up to which all titles are read, and texts without being asked.
  const AHEAD = 5000; // Of more: the newest whose titles are read before there is a hit, and those of a named time.
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

  /** Files of titles and of texts, newest first; `items` of those that were read. */
  class Library {
    byUrl = new Map();
    places = {};
    names = [];
    titles = [];
    texts = [];
    ahead = 0; // Items whose titles were asked for, but those of a time that a query names.

    async open(index) {
      const { places, files } = await read(index);
      const fileOf = (path, year, months, count = 0) => ({ path: new URL(path, index), year: `${year}`, months, count });
      const months = (paths) => paths.map((path) => path.match(/\d{4}-\d\d/)[0]);
      const titles = files.map((of) => fileOf(of.titles, of.year, months(of.texts), of.items));
      const texts = files.flatMap((of) => of.texts.map((path) => fileOf(path, of.year, months([path]))));
      Object.assign(this, { index, places, names: namesOf(places), titles, texts });
      this.count = titles.reduce((sum, { count }) => sum + count, 0);
      this.isSmall = this.count <= MANY;
    }

    get items() {
      return itemsOf(this.titles);
    }

    /** Read a file once, whoever asks: a search that began later must find the items of this one. */
    read(file) {
      return (file.reading ??= this.load(file).catch(() => Object.assign(file, { items: [], isMissing: true })));
    }

    async load(file) {
      const data = await read(file.path), items = [];
      if (!file.count) {
        // A file of a later publication may know other items.
        items.push(...Object.keys(data).map((url) => this.byUrl.get(url)).filter(Boolean));
        for (const item of items) item.fields[TEXT] = data[item.url];
      } else {
        for (const record of data) {
          if (items.length % 250 === 249) await pause();
          items.push(itemOf(record, this.places));
        }
        for (const item of items) this.byUrl.set(item.url, item);
      }
      file.items = items;
    }
  }

  class SearchPage {
    turn = 0;
    wanted = PAGE;
    more = 0; // Files to read though there are enough hits.
    patience = 0; // What may be read although there are many items: 1 titles, 2 texts too.
    unread = []; // What this search has not looked into, in its order.
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
        await this.library.open(new URL(this.form.dataset.index, document.baseURI));
      } catch {
        this.say("");
        this.broken.hidden = false;
        this.form.ariaBusy = false;
        return;
      }
      this.search();
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
      this.begin();
      this.field.value = asked.get("q") ?? "";
      this.chosen = Object.fromEntries(this.filters.map(({ name }) => [name, asked.get(name) ?? ""]));
    }

    begin() {
      Object.assign(this, { wanted: PAGE, more: 0, patience: 0 });
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
      this.begin();
      this.search();
    }

    async showMore(hits, files) {
      const before = this.list.children.length;
      this.wanted += hits;
      this.more = files;
      if (files) this.patience = this.unread[0].count ? 1 : 2;
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

    /** Search what is there; then read titles, later texts, newest first, but first what is of the time in the query. */
    async search() {
      if (!this.library.index) return; // Or never: then the page says so.
      const turn = ++this.turn, isOld = () => turn !== this.turn;
      const { library, chosen } = this, asked = this.field.value.trim(), query = compile(asked, library.names);
      const hits = new Map(), hasWords = query.words.length > 0, isNamed = (file) => isOfTime(query, chosen, file);
      const isFiltered = Object.values(chosen).some(Boolean), isIdle = !hasWords && !isFiltered;
      // Of a small bulletin the filters count all.
      const isUnread = (file) => !file.items && (!chosen.nam || isNamed(file) || (file.count && library.isSmall));
      const inTurn = (files) => [...files].sort((a, b) => isNamed(b) - isNamed(a)), titles = inTurn(library.titles);
      const unread = [...titles, ...(hasWords ? inTurn(library.texts) : [])].filter(isUnread);
      Object.assign(this, { hits, query, asked, isFiltered, isIdle, unread, isNamed, ofTime: 0 });
      this.form.ariaBusy = true;
      let late = performance.now() + FIRST_LOOK, file;
      await this.look(query, itemsOf(titles), hits, isOld, () => {
        if (performance.now() < late) return;
        late = Infinity;
        this.show(true);
      });
      await pause();
      while (!isOld() && (file = this.ask())) {
        this.show(true);
        await library.read(file);
        if (isOld()) return;
        await this.look(query, file.items, hits, isOld);
        this.unread = this.unread.slice(1);
        this.more--;
      }
      if (!isOld() && this.show() === 0 && !isIdle) await this.advise(isOld);
    }

    /** Ask for the files to read next, and return the first; none if there is enough, or the reader must be asked. */
    ask() {
      const found = this.visible(), files = this.unread.slice(0, FILES_AT_ONCE);
      for (const [at, file] of files.entries()) {
        if (!file.count !== !files[0].count || !this.isWanted(file, found, at)) return at ? files[0] : null;
        if (!file.reading && this.isNamed(file)) this.ofTime += file.count;
        else if (!file.reading) this.library.ahead += file.count;
        this.library.read(file);
      }
      return files[0];
    }

    isWanted(file, found, ahead) {
      const { library, query, wanted, hits } = this, isNamed = this.isNamed(file), isAsked = this.patience > !file.count;
      if (isAsked && this.more > ahead) return true;
      if (!file.count) return found.length < wanted && (isAsked || library.isSmall);
      const read = isNamed ? this.ofTime : library.ahead;
      // A first file is always read, however large; one that somebody asked for already costs no more.
      if (library.isSmall || file.reading || read === 0 || read + file.count <= AHEAD) return true;
      const isFew = !(hits.get(found[wanted - 1]) < BEST);
      return isFew && (isAsked || (found.length > 0 && (isNamed || !query.dates.length)));
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
      const tiers = [], found = this.isIdle ? [] : this.library.items.filter((item) => this.hits.has(item));
      for (const item of filtered(found, this.chosen)) (tiers[this.hits.get(item)] ??= []).push(item);
      return tiers.flat();
    }

    show(isReading = false) {
      const { library, asked, isIdle, unread: [unread] } = this, isDone = !isReading;
      const found = this.visible(), isOfTitles = unread?.count > 0, years = this.query.dates.length ? "khác" : "cũ hơn";
      this.showFacets();
      this.showHits(found);
      this.advice.replaceChildren();
      this.form.ariaBusy = isReading;
      this.next.hidden = found.length <= this.wanted;
      this.older.hidden = isReading || isIdle || !unread;
      this.older.textContent = `Tìm tiếp trong ${isOfTitles ? `các năm ${years}` : "toàn văn"}`;
      this.broken.hidden = !library.titles.some(isMissing);
      this.missing.hidden = !library.texts.some(isMissing);
      this.scope.textContent = isDone && !isIdle && (unread || this.query.words.length) ? this.reach(unread) : "";
      if (isDone) this.say(this.count(found, unread || !this.missing.hidden || !this.broken.hidden));
      else if (!isOfTitles) this.say(`Đang tìm «${asked}» trong toàn văn…`);
      else this.say(found.length ? `Đang tìm trong các năm ${years}…` : this.status.dataset.loading);
      return found.length;
    }

    count(found, isAtLeast) {
      const number = found.length;
      if (this.isIdle) return `Gõ để tìm trong ${counted(this.library.count)} bài.`;
      const what = this.query.words.length ? ` cho «${this.asked}»` : "";
      if (number === 0) return `${this.unread[0]?.count ? "Chưa thấy" : "Không có"} bài nào${what}.`;
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
      const isLike = (file) => !file.count === !unread.count;
      const [year, month] = this.unread.filter(isLike).flatMap(({ months }) => months).sort().pop().split("-");
      const what = unread.count ? "Tiêu đề và tóm tắt" : "Đã tìm trong mọi tiêu đề và tóm tắt; toàn văn";
      return `${what} từ tháng ${+month}/${year} về trước chưa tìm${unread.count ? " hết" : ""}.`;
    }

    showFacets() {
      const { titles, items: all } = this.library, isWhole = titles.every(isRead);
      const items = this.isIdle ? all : [...this.hits.keys()];
      for (const filter of this.filters) {
        const values = facet(items, this.chosen, filter.name), value = this.chosen[filter.name] ?? "";
        const others = filter.name === "nam" && !isWhole ? titles.map(({ year }) => year) : [];
        for (const key of [...others, ...(value ? [value] : [])]) if (!values.has(key)) values.set(key, 0);
        const options = [...values].map(([key, count]) => [this.library.places[key]?.[0] ?? key, key, count]);
        options.sort(([a], [b]) => (filter.name === "nam" ? b - a : a.localeCompare(b, "vi")));
        const shown = options.map(([name, key, count]) => new Option(name + (isWhole ? ` (${counted(count)})` : ""), key));
        filter.replaceChildren(filter.options[0], ...shown);
        filter.value = value;
        filter.closest("p").hidden &&= options.length === 0; // What was there stays: nothing jumps.
      }
    }

    /** Show the best hits; what the reader looks at stays where it is, though better ones come before it. */
    showHits(all) {
      const asked = JSON.stringify([this.asked, this.chosen]), before = asked === this.before ? [...this.list.children] : [];
      const topOf = (li) => li.getBoundingClientRect().top, isUsed = (li) => li.matches(":focus-within, :hover");
      const kept = before.find(isUsed) ?? before.find((li) => scrollY > 0 && topOf(li) > 0), top = kept && topOf(kept);
      const found = all.slice(0, Math.max(this.wanted, all.indexOf(kept?.item) + 1));
      const key = JSON.stringify([asked, found.map(({ url, fields }) => [url, fields[TEXT] !== ""])]);
      if (key === this.shown) return;
      Object.assign(this, { shown: key, before: asked });
      const focused = document.activeElement.closest("#ket-qua li")?.item;
      this.list.replaceChildren(...found.map((item) => Object.assign(this.hit(item), { item })));
      for (const li of this.list.children) {
        if (li.item === focused) li.querySelector("a").focus({ preventScroll: true });
        if (li.item === kept?.item) scrollBy(0, topOf(li) - top);
      }
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

  const itemsOf = (files) => files.flatMap(({ items = [] }) => items);
  const isRead = (file) => file.items, isMissing = (file) => file.isMissing;

  const made = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  if (typeof document === "object") new SearchPage(document.getElementById("_search")).start();
}
