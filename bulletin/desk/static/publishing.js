// Publishing: one button for exactly what stands on the page; what came of it is said where the button was pressed.
import { ask, make, words } from "./dialogs.js";

const xsrf = document.querySelector("meta[name=xsrf]").content;
const result = document.getElementById("ket-qua");
const EVERY = 700;

// While a publication goes on, say how far it has come.
function watch() {
  const timer = setInterval(async () => {
    try {
      const { says } = await (await fetch("/_soan/_/tien-do")).json();
      if (says && result.dataset.state === "busy") result.replaceChildren(words(says));
    } catch {
      // The answer to what is being done says whether the server is lost.
    }
  }, EVERY);
  return () => clearInterval(timer);
}

function send(name, more) {
  const body = JSON.stringify({ target: result.dataset.target, code: result.dataset.code, ...more });
  const headers = { "Content-Type": "application/json", "X-XSRFToken": xsrf };
  return fetch(`/_soan/_/${name}`, { method: "POST", headers, body });
}

const told = ({ code, severity, message, hint, path, address }) =>
  make(
    "li",
    { class: severity, "data-problem": code },
    address ? make("a", { href: address }, path) : path,
    `: ${message}`,
    make("span", { class: "hint" }, hint),
  );

async function work(name, button, more = {}) {
  button.disabled = true;
  result.dataset.state = "busy";
  result.replaceChildren(words("Đang làm…"));
  const stop = watch();
  try {
    const response = await send(name, more);
    if (!response.ok) {
      result.replaceChildren(words(await response.text()));
      return null;
    }
    const outcome = await response.json();
    show(name, outcome);
    return outcome;
  } catch {
    result.replaceChildren(words("Không liên lạc được với máy chủ. Hãy thử lại."));
    return null;
  } finally {
    stop();
    result.dataset.state = "done";
    button.disabled = false;
  }
}

function show(name, { lines = [], problems = [], can_undo: canUndo, is_done: isDone, is_told: isTold }) {
  const list = make("ul", { class: "problems" }, ...problems.map(told));
  result.replaceChildren(...lines.map((line) => make("p", { class: "note" }, line)), ...(problems.length ? [list] : []));
  const undo = document.querySelector("[data-do=undo]");
  if (undo && canUndo !== undefined) undo.hidden = !canUndo;
  const approves = document.querySelector("[data-do=approve]");
  if (isDone || name === "lui") {
    // What was listed below is done, or no longer so: it is listed anew when the page is opened again.
    for (const listed of document.querySelectorAll("#xem-lai, #duyet")) listed.remove();
    document.querySelector("[data-do=publish]").hidden = isDone;
    if (approves) approves.hidden = true;
  }
  if (isTold === "desk-approved" && approves) approves.hidden = true;
  if (isTold === "desk-review-moved-on") result.append(make("p", {}, make("a", { href: location.href }, "Xem lại")));
}

async function publish(button) {
  const outcome = await work("xuatban", button);
  if (outcome?.problems?.some(({ code }) => code === "target-many-removed")) {
    const lost = outcome.problems.map(({ message }) => words(message));
    if (await ask("Vẫn xuất bản?", lost, "Vẫn xuất bản")) await work("xuatban", button, { allow_removals: true });
  }
}

document.addEventListener("click", async ({ target }) => {
  if (target.dataset?.do === "publish") publish(target);
  if (target.dataset?.do === "approve") work("duyet", target);
  if (target.dataset?.do === "undo") {
    const sure = await ask("Trở lại lần xuất bản trước?", [words("Người đọc sẽ thấy lại bản tin như trước lần xuất bản cuối.")], "Trở lại");
    if (sure) work("lui", target);
  }
});
