// Files that people have already: the server reads them, and an item to be confirmed opens. Nothing is saved by that.
import { ask, make, words } from "./dialogs.js";
import { post, why } from "./server.js";

const MB = 1 << 20;
const LIMIT = 47 * MB;
const CHANGES = "intake-tracked-changes";

// What can be read, by the end of the name; what a file really is its bytes say.
export const isReadable = ({ name }) => /\.(docx?|docm|odt|rtf|txt|html?|xlsx?|xlsm|ods|csv|tsv)$/i.test(name);

function give(file, { accept, rows, confirmed }) {
  const query = new URLSearchParams({ name: file.name, "chap-nhan": accept ? "1" : "", dong: rows ?? "deals" });
  if (confirmed) query.set("xac-nhan", "1");
  return post(`tep?${query}`, file);
}

const listed = (problems) =>
  make(
    "ul",
    { class: "problems" },
    ...problems.map(({ code, severity, message, hint }) => {
      const item = make("li", { "data-problem": code, class: severity }, message);
      if (hint) item.append(make("span", { class: "hint" }, hint));
      return item;
    }),
  );

// The list takes the focus of its dialog: a table below it would else be scrolled to, and the list out of sight.
function listedFirst(problems) {
  const list = listed(problems);
  if (problems.length) for (const [name, value] of [["tabindex", "-1"], ["autofocus", ""]]) list.setAttribute(name, value);
  return list;
}

const isWrong = ({ written, read }) => written && !read;
const rowOf = ({ sheet, row }) => `${row} ${sheet}`;
const grouped = (cells, keyOf) => [...Map.groupBy(cells, keyOf).values()];

// What a cell was read as, and what stands in it if that is something else.
function cellOf(cell) {
  const { written, read } = cell;
  if (isWrong(cell)) return make("td", { class: "wrong" }, `${written} (không đọc được)`);
  const shown = make("td", {}, read);
  if (written !== read && !read.endsWith(`, ${written}`)) shown.append(make("span", { class: "hint" }, ` ← ${written}`));
  return shown;
}

// The rows of each sheet, so that people see what was read before anything is made of it.
function tableOf(cells) {
  const tables = grouped(cells, ({ sheet }) => sheet).map((ofSheet) => {
    const rows = grouped(ofSheet, ({ row }) => row);
    const headings = rows[0].map(({ column, heading }) => make("th", { scope: "col" }, `${column} · ${heading}`));
    const lines = rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row[0].row), ...row.map(cellOf)));
    const head = make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Dòng"), ...headings));
    const caption = ofSheet[0].sheet ? [make("caption", {}, `Trang ${ofSheet[0].sheet}`)] : [];
    return make("table", {}, ...caption, head, make("tbody", {}, ...lines));
  });
  return make("div", { class: "read-cells", tabindex: "0", role: "region", "aria-label": "Bảng tính đọc được" }, ...tables);
}

const sumOf = (total) => (total ? [words(`Tổng các giá trị đọc được: ${total}.`)] : []);

let busy = null;

function tell(text) {
  busy ??= document.querySelector("main").appendChild(make("p", { class: "reading", role: "status" }));
  busy.hidden = !text;
  busy.textContent = text;
}

// Have a file read; then open its item, or say what is wrong. `accept`: tracked changes count as accepted.
export async function bring(file, options = {}) {
  if (file.size > LIMIT) {
    const size = `Tệp lớn ${Math.round(file.size / MB)} MB; ở đây nhận tệp đến ${LIMIT / MB} MB. Thu nhỏ ảnh trong tệp rồi thả lại.`;
    await ask("Tệp lớn quá", [words(size)], "Đã hiểu", "");
    return;
  }
  tell(`Đang đọc «${file.name}»…`);
  let answer;
  try {
    answer = await give(file, options);
  } catch (fault) {
    await ask("Tệp chưa được đọc", [words(why(fault))], "Đã hiểu", "");
    return;
  } finally {
    tell("");
  }
  await answered(file, options, answer);
}

async function answered(file, options, { items, problems, cells, total, waiting }) {
  if (problems.some(({ code }) => code === CHANGES)) {
    const isAccepted = await ask("Tệp còn sửa đổi chưa ai quyết định", [listed(problems)], "Coi như đã chấp nhận tất cả");
    if (isAccepted) await bring(file, { ...options, accept: true });
  } else if (waiting) {
    const goOn = waiting === 1 ? "Điền vào bài mới" : `Để ${waiting} bài chờ trong danh sách`;
    const shown = [listedFirst(problems), ...sumOf(total), tableOf(cells)];
    const isMeant = await ask("Bảng tính được đọc như sau", shown, goOn);
    if (isMeant) await bring(file, { ...options, confirmed: true });
  } else if (items.length) {
    location.assign(items.length === 1 ? items[0].address : "/_soan/");
  } else {
    const rows = new Set(cells.filter(isWrong).map(rowOf));
    const table = rows.size ? [tableOf(cells.filter((cell) => rows.has(rowOf(cell))))] : [];
    await ask(`Chưa lấy được gì từ «${file.name}»`, [listedFirst(problems), ...table], "Đã hiểu", "");
  }
}

// Let files be dropped on a whole page; the browser would open them in its place otherwise.
export function takeDrops(options = () => ({})) {
  const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    document.body.toggleAttribute("data-dropping", true);
  });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || document.body.removeAttribute("data-dropping"));
  addEventListener("drop", (event) => {
    document.body.removeAttribute("data-dropping");
    // The text of an item takes files itself.
    if (!hasFiles(event) || event.defaultPrevented) return;
    event.preventDefault();
    bring(event.dataTransfer.files[0], options());
  });
}
