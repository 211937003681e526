// The form of one item. What is typed goes to the server after each pause, which keeps it as a working copy and answers
// what is wrong and how readers would see it. Only «save» writes into content/.
import { bring, isReadable, takeDrops } from "./bringing.js";
import { ask, field, isOpen, make, words } from "./dialogs.js";
import { fieldsOf } from "./fields.js";
import { Away, SignedOut, leave, post, why } from "./server.js";

const PAUSE = 100;
const RETRY = 2000;
// A full disk is not emptied in a moment.
const RETRY_LOST = 10000;
const PRESENCE = 20000;
// Longer than the first build of a large bulletin, for which every answer waits.
const PATIENCE = 60000;

const form = document.getElementById("bai");
const status = document.getElementById("trang-thai");
const frame = document.querySelector("#xem-truoc iframe");
const paper = document.querySelector("#than-bai .paper");
const source = form.elements.body;

// `opened`: the digest of the file that was opened, empty for a new item; `base`: the text that the form stands for.
const opened = JSON.parse(document.getElementById("du-lieu").textContent);
let rich = null;
let isSource = opened.values === null;
let before = {};

const SAYS = {
  saved: "Đã đưa vào bản tin",
  kept: "Đã giữ bản đang viết",
  unsaved: "Đang giữ…",
  conflict: "Chưa lưu: bài đã được sửa ở nơi khác",
  error: "Chưa đưa vào bản tin được: còn lỗi phải sửa",
  new: "Bài mới",
  lost: "Mất liên lạc với máy chủ: chữ được giữ trong trình duyệt này",
  unkept: "Máy chủ chưa giữ được: chữ được giữ trong trình duyệt này",
  out: "Phiên làm việc đã hết: chữ được giữ trong trình duyệt này.",
};

function tell(stand, text = SAYS[stand]) {
  status.dataset.state = { lost: "unsaved", out: "unsaved", new: "saved", unkept: "error" }[stand] ?? stand;
  status.firstElementChild.textContent = text;
  if (stand !== "out") return;
  // In a tab of its own: what is typed here goes on being typed.
  const link = make("a", { href: "/_soan/dang-nhap?tiep=/_soan/", target: "_blank" }, "Đăng nhập lại ở thẻ khác");
  status.firstElementChild.append(" ", link);
}

// Without an answer what is typed stays here, and is sent again.
function failed(fault) {
  tell(fault instanceof SignedOut ? "out" : "lost");
  clearTimeout(timer);
  timer = setTimeout(keep, RETRY);
}

async function attempt(work) {
  try {
    await work();
  } catch (fault) {
    if (!(fault instanceof Away)) throw fault;
    failed(fault);
    await ask("Chưa làm được", [words(why(fault))], "Đã hiểu", "");
  }
}

// ---- What stands in the form

function changes() {
  const changed = {};
  for (const [key, one] of Object.entries(fields)) {
    if (JSON.stringify(one.value) !== before[key]) changed[key] = one.value;
  }
  return changed;
}

function state() {
  const body = isSource ? { text: source.value.normalize("NFC") } : { blocks: rich ? rich.blocks() : null };
  const { path, copy, after, digest, base } = opened;
  return { path, copy, after, digest, base, whole: opened.values === null, fields: changes(), ...body };
}

// ---- Keeping: one request at a time; what was typed meanwhile goes with the next

let timer = null;
let isUnderWay = false;
let isDue = false;

function typed() {
  tell("unsaved");
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}

const LOST = "ban-tin-chua-gui ";
const NEW = new RegExp(`^${LOST}[0-9a-f]{16}$`);
const keyOf = () => LOST + (opened.path || opened.copy);

function remember(what) {
  try {
    if (what) localStorage.setItem(keyOf(), JSON.stringify({ at: Date.now(), state: what }));
    else localStorage.removeItem(keyOf());
  } catch {
    // storage is forbidden or full: the server has everything but the last seconds
  }
}

async function keep() {
  clearTimeout(timer);
  if (isUnderWay) {
    isDue = true;
    // A save may take seconds: whoever kills the browser meanwhile has this all the same.
    remember(state());
    return;
  }
  isUnderWay = true;
  isDue = false;
  const sent = state();
  remember(sent);
  try {
    const answer = await post("giu", sent, PATIENCE);
    answered(answer);
    if (answer.is_lost) timer = setTimeout(keep, RETRY_LOST);
    else if (!isDue) remember(null);
  } catch (fault) {
    failed(fault);
  }
  isUnderWay = false;
  if (isDue) keep();
}

function answered(answer) {
  if (answer.after) opened.after = answer.after;
  if (answer.copy) opened.copy = answer.copy;
  // A page that is loaded again goes on with its own copy, even if the server still takes it for another's.
  if (answer.stand === "kept") history.replaceState(null, "", `${location.pathname}?ban=${opened.copy}`);
  if (answer.stand === "saved" || answer.stand === "new") history.replaceState(null, "", location.pathname);
  if (answer.returns_to) opened.returns_to = answer.returns_to;
  if (answer.saved) showSaved(answer.saved);
  showProblems(answer.problems);
  if (!answer.is_lost) showSays(answer.says);
  showFate(answer.fate);
  if (answer.page) showPage(answer.page);
  else showOld();
  if (!isDue) tell(answer.is_lost ? "unkept" : answer.stand);
  form.querySelector("[data-do=discard]").hidden = !["kept", "error", "conflict"].includes(answer.stand);
}

// ---- What the server answers

function problemOf({ code, severity, message, hint }) {
  const item = make("li", { "data-problem": code, class: severity }, message);
  if (hint) item.append(make("span", { class: "hint" }, hint));
  return item;
}

function showProblems(problems) {
  const lists = form.querySelectorAll(".problems");
  const shown = new Map([...lists].map((list) => [list, []]));
  for (const problem of problems) {
    const rows = form.querySelectorAll(`[data-field=${problem.field || "none"}] .row`);
    const list =
      rows[problem.row]?.querySelector(".problems") ??
      form.querySelector(`.problems[data-for="${problem.field}"]`) ??
      form.querySelector('.problems[data-for=""]');
    shown.get(list).push(problemOf(problem));
  }
  for (const [list, items] of shown) {
    // A list that stays as it is is not read aloud again.
    const now = make("ul", {}, ...items);
    if (list.innerHTML !== now.innerHTML) list.replaceChildren(...now.childNodes);
    if (items.length) list.closest("details")?.setAttribute("open", "");
    const input = list.dataset.for && form.elements[list.dataset.for];
    if (input instanceof Element) input.setAttribute("aria-invalid", String(items.some((one) => one.className === "error")));
  }
}

function showSays(says) {
  if (fields.province) fields.province.map = Number(says.map);
  proposePlaces(says["places-of-deals"] ?? []);
  for (const place of form.querySelectorAll("[data-says]")) {
    const text = says[place.dataset.says] ?? "";
    if (place.textContent !== text) place.textContent = text;
  }
  form.querySelectorAll("[data-field=deals] .row").forEach((row, index) => {
    row.querySelector(".says").textContent = says.deals?.[index] ?? "";
  });
}

// An item of several deals is about the places of all of them: one button takes those that are missing.
function proposePlaces(names) {
  const button = form.querySelector("[data-do=take-places]");
  if (!button) return;
  button.parentElement.hidden = !names.length;
  button.dataset.names = JSON.stringify(names);
  button.textContent = `Thêm tỉnh của các thỏa thuận: ${names.join(", ")}`;
}

// While there are errors no page can be made: the one that stands there is that of an earlier text.
function showOld() {
  document.getElementById("trang-cu").hidden = frame.hidden;
}

// What has befallen the file of the item since it was opened.
function showFate(fate) {
  const place = document.getElementById("so-phan");
  const told = fate ? JSON.stringify(fate) : "";
  if (place.dataset.told === told) return;
  place.dataset.told = told;
  place.replaceChildren();
  // Whoever writes far below sees the bar alone.
  document.getElementById("co-chuyen").hidden = !fate;
  if (!fate) return;
  const { code, message, hint } = fate.problem;
  const acts = [];
  if (fate.kind === "moved") {
    const follow = make("button", { type: "button" }, "Viết tiếp ở tên mới");
    follow.addEventListener("click", () => followTo(fate));
    acts.push(" ", follow);
  }
  place.append(make("p", { class: "note", "data-problem": code }, `${message}. ${hint}.`, ...acts));
}

// The item goes on under the name that its file has now; what was typed goes with it.
async function followTo({ path, address }) {
  clearTimeout(timer);
  while (isUnderWay) await new Promise((after) => setTimeout(after, 20));
  opened.path = path;
  await keep();
  if (opened.after) location.replace(`${address}?ban=${opened.copy}`);
  else location.replace(address);
}

// The page beside the text: only its content is exchanged, so that it neither flickers nor jumps.
async function showPage(address) {
  document.getElementById("trang-cu").hidden = true;
  document.querySelector("#xem-truoc .help").hidden = true;
  frame.hidden = false;
  const inside = frame.contentDocument;
  const main = inside?.querySelector("main");
  if (!main || new URL(inside.URL).pathname !== address) {
    frame.contentWindow.location.replace(address);
    return;
  }
  const response = await fetch(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("main");
  if (fresh) main.replaceWith(inside.adoptNode(fresh));
}

// ---- Saving, deleting, discarding

// Saves, one at a time: what is typed meanwhile is kept right after.
async function alone(work) {
  clearTimeout(timer);
  while (isUnderWay) await new Promise((after) => setTimeout(after, 20));
  isUnderWay = true;
  try {
    await work();
  } finally {
    isUnderWay = false;
    if (isDue) keep();
  }
}

const save = (extra = {}) => alone(() => send(extra));

async function send(extra) {
  const button = form.querySelector("[data-do=save]");
  button.disabled = true;
  try {
    const answer = await post("luu", { ...state(), ...extra });
    answered(answer);
    if (answer.stand === "saved") {
      if (!isDue) remember(null);
      if (!opened.path) {
        location.replace(answer.address);
        return;
      }
      opened.digest = answer.digest;
      for (const [key, value] of Object.entries(answer.fields)) fields[key].value = value;
      document.getElementById("xung-dot").replaceChildren();
    } else if (answer.stand === "conflict") {
      showConflict(answer.conflict);
    } else {
      form.querySelector(".problems .error")?.scrollIntoView({ block: "center" });
    }
  } catch (fault) {
    failed(fault);
  } finally {
    button.disabled = false;
  }
}

const CHOOSE = "Với mỗi chỗ khác nhau, hãy chọn bản muốn giữ.";
const GONE = "Chữ đang viết vẫn còn: lưu lại bài để bài trở về bản tin, hoặc bỏ bản đang viết ở cuối trang.";
const BOTH = "Hai bên sửa những chỗ khác nhau, nên giữ được cả hai.";

// Both versions side by side, part by part; what is chosen is saved over what stands there now.
function showConflict({ who, parts, digest }) {
  const isGone = !digest;
  const sides = parts.map(({ name, mine, theirs }, index) => {
    const side = (value, label, text) => {
      const input = make("input", { type: "radio", name: `part-${index}`, value });
      return make("label", {}, input, make("strong", {}, ` ${label}: `), text || "(không có)");
    };
    return make(
      "fieldset",
      { class: "field difference" },
      make("legend", {}, name),
      make("div", { class: "sides" }, side("mine", "Bản đang viết", mine), side("theirs", "Bản đã lưu", theirs)),
    );
  });
  const isChoice = parts.length > 0;
  const done = make("button", { type: "button", class: "main" }, isGone ? "Lưu lại bài" : isChoice ? "Lưu theo các lựa chọn" : "Lưu cả hai");
  const merge = async () => {
    const chosen = parts.map((_, index) => place.querySelector(`[name=part-${index}]:checked`)?.value);
    const open = chosen.indexOf(undefined);
    if (open >= 0) {
      place.querySelector(`[name=part-${open}]`).focus();
      return;
    }
    const answer = await post("gop", { ...state(), against: digest, chosen });
    if (answer.stand === "saved") {
      if (!isDue) remember(null);
      location.reload();
      return;
    }
    answered(answer);
    // Somebody has saved again while this was chosen: the choice is between other versions now.
    if (answer.conflict) showConflict(answer.conflict);
  };
  done.addEventListener("click", () => attempt(() => alone(merge)));
  const place = document.getElementById("xung-dot");
  place.replaceChildren(
    make("h2", {}, isGone ? "Bài này không còn trong bản tin" : "Bài này đã được sửa ở nơi khác"),
    words(`${who}. ${isGone ? GONE : `Chưa có gì bị ghi đè. ${isChoice ? CHOOSE : BOTH}`}`),
    ...sides,
    make("p", { class: "acts" }, done),
  );
  place.scrollIntoView({ block: "start" });
}

async function remove() {
  const answer = await ask("Xóa bài này?", [words("Bài rời bản tin ở lần xuất bản sau. Lấy lại được ở «Bài đã xóa», cuối danh sách các bài.")], "Xóa bài");
  if (!answer) return;
  const result = await post("xoa", { path: opened.path, digest: opened.digest });
  if (result.stand === "saved") location.assign("/_soan/");
  else if (result.linked) {
    const list = make("ul", {}, ...result.linked.map(({ title, address }) => make("li", {}, make("a", { href: address }, title))));
    const mend = await ask(
      "Bài khác còn dẫn đến bài này",
      [words("Hãy gỡ các liên kết này trước; chữ của liên kết vẫn còn."), list],
      "Gỡ liên kết rồi xóa",
    );
    if (!mend) return;
    const again = await post("xoa", { path: opened.path, digest: opened.digest, unlink: true });
    if (again.stand === "saved") location.assign("/_soan/");
    else answered(again);
  } else answered(result);
}

async function discard() {
  const sure = await ask("Bỏ bản đang viết?", [words(`Những gì đã viết mà chưa đưa vào bản tin sẽ mất. ${opened.returns_to}.`)], "Bỏ bản đang viết");
  if (!sure) return;
  clearTimeout(timer);
  await post("bo", { copy: opened.copy });
  remember(null);
  location.assign(opened.path ? location.pathname : "/_soan/");
}

// ---- Pictures, links, cards

async function upload(file) {
  if (!opened.path && isReadable(file)) {
    const said = words("Lấy chữ và ảnh trong tệp thành bài mới, hay đính tệp vào bài đang viết?");
    if (await ask(`«${file.name}»`, [said], "Lấy thành bài mới", "Đính tệp vào bài")) {
      await bring(file);
      return null;
    }
  }
  const query = new URLSearchParams({ path: opened.path, copy: opened.copy, name: file.name });
  const answer = await post(`anh?${query}`, file).catch((fault) => ({ problem: why(fault) }));
  if (answer.problem) {
    await ask("Không nhận được tệp này", [words(answer.problem)], "Đã hiểu", "");
    return null;
  }
  const { name, title, is_picture: isPicture } = answer.landed;
  if (!isPicture) return { href: name, title };
  const alt = await askWords({ src: name, alt: "" });
  return alt === null ? null : { src: name, alt };
}

// What a picture shows, in words; empty if it is said to be for decoration, null if nothing is said.
async function askWords({ src, alt }) {
  const description = field("Mô tả cho người không xem được ảnh", "alt", { autocomplete: "off", value: alt, required: "" });
  const decorative = make("label", {}, make("input", { type: "checkbox", name: "decorative" }), " Ảnh chỉ để trang trí");
  decorative.addEventListener("change", ({ target }) => {
    description.querySelector("input").required = !target.checked;
  });
  const shownSmall = make("p", { class: "paper" }, make("img", { src: shown(src), alt: "" }));
  const said = await ask("Ảnh này cho thấy gì?", [shownSmall, description, decorative], "Xong");
  if (!said) return null;
  return said.decorative ? "" : said.alt.normalize("NFC").trim();
}

function pickFile(accept = "image/*,.pdf,.docx,.doc,.xlsx,.xls,.pptx,.ppt,.zip,.mp3,.mp4") {
  const input = make("input", { type: "file", accept });
  return new Promise((answer) => {
    input.addEventListener("change", () => answer(input.files[0] ? upload(input.files[0]) : null));
    input.addEventListener("cancel", () => answer(null));
    input.click();
  });
}

async function chooseLink(href) {
  const results = make("div", { class: "choices-of-items" });
  const address = field("Địa chỉ", "href", { value: href, placeholder: "https://… hoặc chọn một bài bên dưới" });
  const search = field("Tìm bài trong bản tin", "q", { type: "search", autocomplete: "off" });
  let asked = 0;
  search.querySelector("input").addEventListener("input", async ({ target }) => {
    const turn = ++asked;
    const query = new URLSearchParams({ q: target.value, from: opened.path });
    const { items } = await (await fetch(`/_soan/_/bai?${query}`)).json();
    if (turn !== asked) return; // a later question has overtaken this one
    results.replaceChildren(
      ...items.map(({ title, link }) => {
        const choose = make("button", { type: "button" }, title);
        choose.addEventListener("click", () => {
          address.querySelector("input").value = link;
          Object.assign(results.dataset, { title, link });
        });
        return choose;
      }),
    );
  });
  const answer = await ask("Liên kết", [address, search, results], "Chèn liên kết");
  if (!answer) return null;
  const typed = answer.href.trim();
  if (LOCAL.test(typed)) {
    await ask("Người đọc không mở được địa chỉ này", [words("Đây là tệp trên máy của bạn. Hãy thả tệp vào bài: liên kết được chèn ngay.")], "Đã hiểu", "");
    return null;
  }
  return { href: whole(typed), title: typed === results.dataset.link ? results.dataset.title : typed };
}

// A file of this machine or of a share, which no reader has.
const LOCAL = /^(?:[a-z]:[\\/]|file:|\\\\)/i;

// Addresses as people write them: «www.viettel.vn», «van-thu@viettel.vn».
const whole = (address) => {
  if (/^www\.\S+$/i.test(address)) return `https://${address}`;
  return /^[^\s/:@]+@[^\s/:@]+\.[^\s/:@]+$/.test(address) ? `mailto:${address}` : address;
};

async function editCard(text, change) {
  const area = field("Chữ thô (Markdown)", "source", { rows: "10" }, "textarea");
  area.querySelector("textarea").value = text;
  const answer = await ask("Sửa đoạn đặc biệt", [area], "Xong");
  if (answer) change(answer.source.normalize("NFC"));
}

async function footnote() {
  const answer = await ask("Chú thích", [field("Nội dung chú thích", "words")], "Chèn chú thích");
  return answer?.words.normalize("NFC").trim();
}

const clean = async (pasted) => {
  try {
    const { html, says } = await post("dan", pasted);
    if (says) await ask("Đã dán", [words(says)], "Đã hiểu", "");
    return html;
  } catch {
    return null; // the plain text is pasted instead
  }
};

// A picture stands beside its item: `anh.jpg` in an item of content/2016/ is content/2016/anh.jpg.
const shown = (src) => {
  // No other host is asked for a picture, whoever has put it into the text.
  if (/^[a-z][a-z0-9+.-]*:/i.test(src)) return "data:,";
  const path = new URL(src, new URL(opened.folder, "http://x/content/")).pathname;
  // It may wait beside the working copy until the item is saved.
  return `/_soan/tep${src.startsWith("/") ? `/content${path}` : path}?ban=${opened.copy}`;
};

// ---- Tabs

async function write(blocks) {
  const { RichText } = await import("./editor.js");
  if (rich) {
    rich.open(blocks);
    return;
  }
  const asked = { card: editCard, clean, footnote, link: chooseLink, picture: pickFile, upload, words: askWords };
  rich = new RichText(paper, blocks, { told: typed, shown, ask: asked });
  rich.toolbar(document.querySelector("#than-bai .tools"));
}

function showTab() {
  for (const button of form.querySelectorAll("[data-tab]")) {
    button.setAttribute("aria-pressed", String((button.dataset.tab === "nguon") === isSource));
  }
  document.getElementById("than-bai").hidden = isSource;
  form.querySelector(".source").hidden = !isSource;
}

async function turn(toSource) {
  if (toSource === isSource || opened.values === null) return;
  const answer = await post("doi", state());
  if (toSource) {
    source.value = answer.body;
  } else {
    // From here on the form stands for the text as it is now, since its blocks are cut anew.
    opened.base = answer.base;
    opened.values = answer.values;
    take(answer.values);
    await write(answer.blocks);
  }
  isSource = toSource;
  showTab();
}

// ---- What was read of a file

// Beside each field the sentence that it was read from; where the file says several things, people choose.
function showIncoming({ name, fields: read, asked, problems }) {
  const place = document.getElementById("tu-tep");
  const intro = `Các ô được điền từ tệp «${name}». Chưa có gì vào bản tin: hãy xem lại từng ô, rồi bấm «Đưa vào bản tin».`;
  place.replaceChildren(words(intro), make("ul", { class: "problems" }, ...problems.map(problemOf)));
  place.hidden = false;
  for (const [key, proposals] of Object.entries(read)) {
    const says = form.querySelector(`[data-field="${key}"] > .says, [data-field="${key}"] > .grid`);
    if (asked.includes(key)) says?.after(question(key, proposals));
    else if (proposals.some(({ words: value, sentence }) => value !== sentence)) says?.after(sources(proposals));
  }
}

function sources(proposals) {
  const quoted = proposals.map(({ words: value, sentence }) => (proposals.length > 1 ? `${value}: «${sentence}»` : `«${sentence}»`));
  if (quoted.length === 1) return make("p", { class: "read" }, `Đọc từ câu ${quoted[0]}`);
  const list = make("ul", {}, ...quoted.map((text) => make("li", {}, text)));
  return make("details", { class: "read" }, make("summary", {}, `Đọc từ ${quoted.length} câu`), list);
}

function question(key, proposals) {
  const choices = proposals.map(({ value, words: shownValue, sentence }) => {
    const choose = make("button", { type: "button", "data-choose": key }, shownValue);
    choose.addEventListener("click", () => {
      fields[key].value = value;
      typed();
    });
    return make("li", {}, choose, ` «${sentence}»`);
  });
  return make("div", { class: "read asked", role: "group", "aria-label": "Chọn một" }, words("Tệp nói nhiều điều. Bạn chọn:"), make("ul", {}, ...choices));
}

// ---- Beginning

function take(values) {
  for (const [key, one] of Object.entries(fields)) {
    one.value = values?.[key] ?? null;
    before[key] = JSON.stringify(one.value);
  }
}

function showSaved(saved) {
  const place = document.getElementById("da-luu");
  place.hidden = !saved;
  place.lastElementChild.textContent = saved;
}

// The working copies beside this one: of colleagues, and of other windows of one's own.
function showOthers() {
  const { whose, others } = opened;
  const links = others.map(({ key, who, when }) => make("a", { href: `?ban=${key}` }, `${who ? `của ${who}` : "của bạn"} lúc ${when}`));
  const parts = links.flatMap((link, index) => (index ? [", ", link] : [link]));
  document.getElementById("tin-bao").replaceChildren(
    ...(whose ? [noteOf(whose)] : []),
    ...(parts.length ? [make("p", { class: "note" }, "Bài này còn bản đang viết khác: ", ...parts, ".")] : []),
  );
}

function noteOf({ key, who, when, is_open: isOpenThere }) {
  const drop = make("button", { type: "button", "data-do": "discard-theirs" }, `Bỏ bản của ${who}…`);
  drop.addEventListener("click", () => attempt(() => discardTheirs(key, who)));
  const now = isOpenThere ? ` ${who} đang mở bản ấy.` : "";
  return make("p", { class: "note" }, `Đây là bản đang viết của ${who}, giữ lúc ${when}.${now} Bạn viết tiếp trên một bản riêng; bản của ${who} vẫn còn nguyên. `, drop);
}

async function discardTheirs(copy, who) {
  const said = `Những gì ${who} đã viết mà chưa đưa vào bản tin sẽ mất. Nhật ký ghi lại việc này.`;
  if (!(await ask(`Bỏ bản đang viết của ${who}?`, [words(said)], "Bỏ bản đang viết"))) return;
  await post("bo", { copy });
  location.assign(opened.path ? location.pathname : "/_soan/");
}

const NAMES = new Intl.ListFormat("vi");

async function presence() {
  try {
    const { path, copy, seat, digest, values } = opened;
    const { others, is_own: isOwn, fate } = await post("day", { path, copy, seat, digest, is_draft: Boolean(values?.draft) });
    const place = document.getElementById("nguoi-khac");
    const told = [
      ...(others.length ? [`${NAMES.format(others)} cũng đang mở bài này.`] : []),
      ...(isOwn ? ["Bạn đang mở bài này ở cửa sổ khác."] : []),
    ].join(" ");
    place.hidden = !told;
    if (place.textContent !== told) place.textContent = told;
    showFate(fate);
  } catch {
    // the status says that the server is away
  }
}

// The key of what an earlier page has left; a new item gets another name each time, so it is any that no page has open.
async function keyOfRest() {
  if (opened.path) return keyOf();
  // Without TLS browsers have no locks: then the text of another open page may be offered as well.
  const { held } = (await navigator.locks?.query()) ?? { held: [] };
  const isOpen = (key) => held.some(({ name }) => name === key);
  return Object.keys(localStorage).find((key) => NEW.test(key) && !isOpen(key));
}

// What could not be sent when the browser was closed: it is offered, never put in by itself.
async function offerRest() {
  let key;
  let kept = null;
  try {
    key = await keyOfRest();
    kept = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return;
  }
  if (!kept) return;
  const when = new Date(kept.at).toLocaleString("vi-VN");
  const answer = await ask("Có chữ chưa kịp gửi", [words(`Trình duyệt này còn giữ những gì viết lúc ${when}.`)], "Lấy lại", "Bỏ");
  const { copy } = answer ? await post("giu", kept.state) : {};
  localStorage.removeItem(key);
  if (copy) location.replace(`${location.pathname}?ban=${copy}`);
  else if (answer) location.reload();
}

const fields = fieldsOf(form, opened.places, typed);
take(opened.values);
source.value = opened.body;
showTab();
tell(opened.stand);
showProblems(opened.problems);
showSays(opened.says);
if (opened.page) showPage(opened.page);
if (opened.incoming) showIncoming(opened.incoming);
if (!opened.path) takeDrops();

form.addEventListener("input", ({ target }) => {
  if (target === source || target.dataset.kind) typed();
});
form.addEventListener("change", ({ target }) => target.matches("select, [type=checkbox]") && typed());
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.tab) attempt(() => turn(button.dataset.tab === "nguon"));
  const work = {
    save,
    delete: () => attempt(remove),
    discard: () => attempt(discard),
    upload: () => pickFile("image/*").then(setImage),
    "take-places": () => fields.province.add(JSON.parse(button.dataset.names)),
    "add-row": () => fields[button.dataset.key].add().querySelector("input").focus(),
    "pick-focus": pickFocus,
    "pick-day": () => pickDay(button),
    preview: () => {
      const isShown = document.body.toggleAttribute("data-preview");
      button.setAttribute("aria-expanded", String(isShown));
      button.textContent = isShown ? "Viết tiếp" : "Xem trang";
    },
  }[button.dataset.do];
  work?.();
});
addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    if (!isOpen()) save();
  }
});
// Leaving with a request under way: what is typed is in the browser already.
addEventListener("pagehide", () => {
  if (status.dataset.state === "unsaved") remember(state());
  leave("day", { path: opened.path, copy: opened.copy, seat: opened.seat, leaves: true });
});

// What crops of the picture must keep: a click says it in percent, from the left and from the top.
async function pickFocus() {
  const src = fields.image.value.trim();
  if (!src) return form.querySelector("[name=image]").focus();
  const picture = make("img", { src: shown(src), alt: "" });
  const point = field("Từ trái và từ trên", "focus", { value: fields.image_focus.value, placeholder: "50% 50%" });
  picture.addEventListener("click", ({ offsetX, offsetY }) => {
    const percents = [offsetX / picture.width, offsetY / picture.height].map((part) => `${Math.round(100 * part)}%`);
    point.querySelector("input").value = percents.join(" ");
  });
  const said = await ask("Bấm vào chỗ phải giữ khi cắt ảnh", [make("p", { class: "paper" }, picture), point], "Xong");
  if (!said) return;
  fields.image_focus.value = said.focus.trim();
  typed();
}

async function setImage(picture) {
  if (!picture) return;
  const { src, alt } = picture;
  if (!src) {
    await ask("Tệp này không phải là ảnh", [words("Ảnh đại diện cần một tệp ảnh: .jpg, .png hoặc .webp.")], "Đã hiểu", "");
    return;
  }
  fields.image.value = src;
  if (alt) fields.image_alt.value = alt;
  typed();
}

function pickDay(button) {
  const picker = button.previousElementSibling;
  const input = picker.previousElementSibling;
  picker.value = opened.day ?? "";
  picker.onchange = () => {
    const [year, month, day] = picker.value.split("-");
    input.value = `${day}/${month}/${year}`;
    typed();
  };
  picker.showPicker();
}

if (!isSource) {
  write(opened.blocks).catch((fault) => {
    // An old browser, or one without modules: the text can still be written as it stands in the file.
    console.error(fault);
    isSource = true;
    showTab();
  });
}
// Held for as long as this page is open.
navigator.locks?.request(keyOf(), () => new Promise(() => {}));
offerRest();
showOthers();
presence();
setInterval(presence, PRESENCE);
