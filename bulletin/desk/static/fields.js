// The fields of an item: what stands in each, as the header of its file has it (a text, a list of texts, rows, a flag).
import { make } from "./dialogs.js";

const DECIDES = ["Enter", "Tab"];

// Letters without accents: «Đà Nẵng» is found by «da nang».
export const fold = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/gi, "d")
    .toLowerCase()
    .trim();

const listOf = (text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

class PlainField {
  constructor(input) {
    this.input = input;
  }
  get value() {
    return this.input.value.normalize("NFC") || null;
  }
  set value(text) {
    if (this.input.tagName === "SELECT" && text && ![...this.input.options].some(({ value }) => value === text)) {
      this.input.append(make("option", {}, text));
    }
    this.input.value = text ?? "";
  }
}

// One line for readers: what is pasted with line ends has blanks in their place. The field grows with its words.
class LineField extends PlainField {
  constructor(input) {
    super(input);
    input.addEventListener("input", () => this.fit());
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) event.preventDefault();
    });
    addEventListener("resize", () => this.fit());
  }
  get value() {
    return super.value?.replace(/\s*\n\s*/g, " ") || null;
  }
  set value(text) {
    super.value = text;
    this.fit();
  }
  fit() {
    this.input.rows = 1;
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(this.input);
    const words = this.input.scrollHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
    this.input.rows = Math.max(1, Math.round(words / Number.parseFloat(lineHeight)));
  }
}

class ListField extends PlainField {
  get value() {
    const texts = listOf(this.input.value.normalize("NFC"));
    return texts.length ? texts : null;
  }
  set value(texts) {
    this.input.value = (Array.isArray(texts) ? texts : [texts ?? ""]).join(", ");
  }
}

class FlagField extends PlainField {
  get value() {
    return this.input.checked || null;
  }
  set value(isOn) {
    this.input.checked = Boolean(isOn);
  }
}

// Names as chips: what is typed is looked up among the provinces, and Enter makes it one.
class ChipsField {
  constructor(input, places, changed) {
    this.input = input;
    this.places = places;
    this.changed = changed;
    [this.list, this.choices] = input.parentElement.querySelectorAll("ul");
    this.names = [];
    // The map of the item's day: the 63 provinces until June 2025, the 34 since. The server says which.
    this.map = 0;
    input.addEventListener("input", ({ isComposing }) => isComposing || this.suggest());
    input.addEventListener("compositionend", () => this.suggest());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.take(this.input.value));
  }

  // What was typed and is no chip yet counts as well, so that nothing is lost if one saves at once.
  get value() {
    const typed = this.input.value.normalize("NFC").trim();
    const names = typed ? [...this.names, typed] : this.names;
    if (!names.length) return null;
    return names.length === 1 ? names[0] : names;
  }
  set value(names) {
    this.names = names === null ? [] : [names].flat();
    this.show();
  }

  show() {
    const chips = this.names.map((name, index) => {
      // Readers may see «Toàn công ty» where the header says «Toàn quốc».
      const label = this.places.find((place) => place.name === name)?.label ?? name;
      const remove = make("button", { type: "button", "aria-label": `Bỏ ${label}` }, "×");
      remove.addEventListener("click", () => {
        this.names.splice(index, 1);
        this.show();
        this.input.focus();
        this.changed();
      });
      return make("li", {}, label, remove);
    });
    this.list.replaceChildren(...chips);
  }

  suggest() {
    const typed = fold(this.input.value);
    const isMeant = ({ keys, maps }) => maps.includes(this.map) && keys.some((key) => key.startsWith(typed));
    const found = typed ? this.places.filter(isMeant).slice(0, 8) : [];
    const options = found.map(({ name, label }, index) => {
      const state = { role: "option", id: `c-${index}`, "aria-selected": String(index === 0), "data-name": name };
      const option = make("li", state, label);
      // Before the field loses the focus and takes what was typed.
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.take(name);
      });
      return option;
    });
    this.choices.replaceChildren(...options);
    this.mark(0);
    this.open(options.length > 0);
  }

  open(isOpen) {
    this.choices.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.input.removeAttribute("aria-activedescendant");
  }

  mark(index) {
    const options = [...this.choices.children];
    this.marked = options.length ? (index + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.marked)));
    const chosen = options[this.marked];
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen?.scrollIntoView?.({ block: "nearest" });
  }

  key(event) {
    // A keyboard that composes sends keys of its own: they are not ours.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.mark(this.marked + (event.key === "ArrowDown" ? 1 : -1));
      event.preventDefault();
    } else if (event.key === "Escape") {
      this.open(false);
    } else if (DECIDES.includes(event.key) && this.input.value.trim()) {
      if (event.key === "Enter") event.preventDefault();
      const chosen = this.choices.hidden ? null : this.choices.children[this.marked];
      this.take(chosen ? chosen.dataset.name : this.input.value);
    } else if (event.key === "Enter") {
      event.preventDefault();
    }
  }

  // Add several at once, such as those of the deals.
  add(names) {
    this.names.push(...names.filter((name) => !this.names.includes(name)));
    this.show();
    this.changed();
  }

  take(text) {
    const name = text.normalize("NFC").trim();
    this.open(false);
    if (!name) return;
    if (!this.names.includes(name)) this.names.push(name);
    this.input.value = "";
    this.show();
    this.changed();
  }
}

// A table whose rows are entries of a list. Cells copied from a spreadsheet fill it from where they are pasted.
class RowsField {
  constructor(grid, changed) {
    this.grid = grid;
    this.changed = changed;
    this.key = grid.dataset.key;
    this.columns = grid.dataset.columns.split(" ");
    this.labels = grid.dataset.labels.split("|");
    grid.addEventListener("paste", (event) => this.paste(event));
  }

  get rows() {
    return [...this.grid.children].map((row) => {
      const entries = this.columns.map((column) => [column, row.querySelector(`[data-column=${column}]`).value]);
      return Object.fromEntries(entries.map(([column, text]) => [column, text.normalize("NFC").trim()]));
    });
  }
  get value() {
    const full = this.rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, text]) => text)));
    const entries = full.filter((row) => Object.keys(row).length);
    return entries.length ? entries : null;
  }
  set value(entries) {
    this.grid.replaceChildren();
    for (const entry of entries ?? []) this.add(entry);
  }

  add(entry = {}) {
    const number = ++RowsField.made;
    const cells = this.columns.map((column, index) => {
      const id = `${this.key}-${number}-${column}`;
      const input = make("input", { id, name: `${this.key}.${column}`, "data-column": column, "data-kind": "cell" });
      input.value = entry[column] ?? "";
      return make("div", {}, make("label", { for: id }, this.labels[index]), input);
    });
    const remove = make("button", { type: "button", class: "remove" }, "Bỏ dòng");
    const says = make("p", { class: "says" });
    const row = make("div", { class: "row" }, ...cells, remove, says, make("ul", { class: "problems" }));
    remove.addEventListener("click", () => {
      row.remove();
      this.changed();
    });
    this.grid.append(row);
    return row;
  }

  // Tell whether cells are the head of a table: no figure, and two of them begin as our labels do.
  isHead(cells) {
    const beginnings = this.labels.map((label) => fold(label).split(" ")[0]);
    const named = cells.filter((cell) => beginnings.includes(fold(cell).split(/[\s,]/)[0]));
    return named.length > 1 && !/\d/.test(cells.join(""));
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    const cell = event.target.closest("[data-column]");
    if (!cell || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const first = this.columns.indexOf(cell.dataset.column);
    let row = cell.closest(".row");
    const lines = text.split(/\r?\n/).map((line) => line.split("\t"));
    if (this.isHead(lines[0])) lines.shift();
    for (const line of lines) {
      row ??= this.add();
      line.forEach((value, index) => {
        const input = row.querySelector(`[data-column=${this.columns[first + index]}]`);
        if (input) input.value = value.trim();
      });
      row = row.nextElementSibling;
    }
    this.changed();
  }
}
RowsField.made = 0;

// Return the fields of the form by the keys of the header.
export function fieldsOf(form, places, changed) {
  const kinds = { text: PlainField, line: LineField, list: ListField, flag: FlagField };
  const fields = {};
  for (const element of form.querySelectorAll("[data-kind]")) {
    const { kind } = element.dataset;
    if (kind === "chips") fields[element.name] = new ChipsField(element, places, changed);
    else if (kind === "rows") fields[element.dataset.key] = new RowsField(element, changed);
    else if (kinds[kind]) fields[element.name] = new kinds[kind](element);
  }
  return fields;
}
