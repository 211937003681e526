// Files that people have already: the server reads them, and an item to be confirmed opens. Nothing is saved by that.
import { ask, make, words } from "./dialogs.js";

const xsrf = document.querySelector("meta[name=xsrf]").content;
const MB = 1 << 20;
const LIMIT = 47 * MB;
const CHANGES = "intake-tracked-changes";

// What can be read, by the end of the name; what a file really is its bytes say.
export const isReadable = ({ name }) => /\.(docx?|docm|odt|rtf|txt|html?|xlsx?|xlsm|ods|csv|tsv)$/i.test(name);

async function give(file, { accept, rows }) {
  const query = new URLSearchParams({ name: file.name, "chap-nhan": accept ? "1" : "", dong: rows ?? "deals" });
  const response = await fetch(`/_soan/_/tep?${query}`, { method: "POST", headers: { "X-XSRFToken": xsrf }, body: file });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
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

// What each cell of a spreadsheet was read as, row by row.
function tableOf(cells) {
  const rows = new Map();
  for (const cell of cells) {
    const key = `${cell.sheet} ${cell.row}`;
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  const lines = [...rows.values()].map((row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, `${row[0].sheet ? `${row[0].sheet}, ` : ""}dòng ${row[0].row}`),
      ...row.map(({ column, written, read }) => {
        const cell = make("td", {}, read);
        if (written !== read) cell.append(make("span", { class: "hint" }, ` (ô ${column}: ${written})`));
        return cell;
      }),
    ),
  );
  const table = make("table", {}, make("tbody", {}, ...lines));
  return make("div", { class: "read-cells", tabindex: "0", role: "region", "aria-label": "Bảng tính đọc được" }, table);
}

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
  } catch {
    await ask("Mất liên lạc với máy chủ", [words("Tệp chưa được đọc. Hãy thử lại sau giây lát.")], "Đã hiểu", "");
    return;
  } finally {
    tell("");
  }
  await answered(file, options, answer);
}

async function answered(file, options, { items, problems, cells }) {
  if (problems.some(({ code }) => code === CHANGES)) {
    const isAccepted = await ask("Tệp còn sửa đổi chưa ai quyết định", [listed(problems)], "Coi như đã chấp nhận tất cả");
    if (isAccepted) await bring(file, { ...options, accept: true });
  } else if (!items.length) {
    const table = cells.length ? [tableOf(cells)] : [];
    await ask(`Chưa lấy được gì từ «${file.name}»`, [listed(problems), ...table], "Đã hiểu", "");
  } else if (items.length === 1 && !cells.length) {
    location.assign(items[0].address);
  } else {
    const goOn = items.length === 1 ? "Điền vào bài mới" : `Để ${items.length} bài chờ trong danh sách`;
    const isMeant = await ask("Bảng tính được đọc như sau", [listed(problems), tableOf(cells)], goOn);
    if (isMeant) location.assign(items.length === 1 ? items[0].address : "/_soan/");
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
