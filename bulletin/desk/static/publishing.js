// Publishing: one button; what came of it is said where the button was pressed.
import { ask, make, words } from "./dialogs.js";

const xsrf = document.querySelector("meta[name=xsrf]").content;
const result = document.getElementById("ket-qua");

async function work(name, button) {
  button.disabled = true;
  result.replaceChildren(words("Đang làm…"));
  try {
    const response = await fetch(`/_soan/_/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
      body: "{}",
    });
    if (response.status === 401 || response.status === 403) {
      result.replaceChildren(words(await response.text()));
      return;
    }
    const { lines, problems, can_undo: canUndo, is_done: isDone } = await response.json();
    const told = problems.map(({ code, severity, message, hint, path, address }) =>
      make("li", { class: severity, "data-problem": code }, make("a", { href: address }, path), `: ${message}`, make("span", { class: "hint" }, hint)),
    );
    // What was listed below is done, or no longer so: it is listed anew when the page is opened again.
    for (const listed of document.querySelectorAll("main > section, main > p:not(.acts)")) listed.remove();
    document.querySelector("[data-do=undo]").hidden = !canUndo;
    document.querySelector("[data-do=publish]").hidden = isDone;
    result.replaceChildren(...lines.map((line) => make("p", { class: "note" }, line)), make("ul", { class: "problems" }, ...told));
  } catch {
    result.replaceChildren(words("Không liên lạc được với máy chủ. Hãy thử lại."));
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("click", async ({ target }) => {
  if (target.dataset?.do === "publish") work("xuatban", target);
  if (target.dataset?.do === "undo") {
    const sure = await ask("Trở lại lần xuất bản trước?", [words("Người đọc sẽ thấy lại bản tin như trước lần xuất bản cuối.")], "Trở lại");
    if (sure) work("lui", target);
  }
});
