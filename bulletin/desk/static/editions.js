// Editions: what was looked at is written; what came of it is said above.
import { make, words } from "./dialogs.js";

const xsrf = document.querySelector("meta[name=xsrf]").content;
const result = document.getElementById("ket-qua");

document.addEventListener("click", async ({ target }) => {
  if (target.dataset?.do !== "make") return;
  target.disabled = true;
  result.replaceChildren(words("Đang làm…"));
  try {
    const response = await fetch("/_soan/_/anpham", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
      body: JSON.stringify({ token: target.dataset.token }),
    });
    if (!response.ok) {
      result.replaceChildren(words(await response.text()));
      return;
    }
    const { files, folder, problems } = await response.json();
    if (files) {
      const told = `Đã ghi vào thư mục ${folder}: ${files.map(({ name }) => name).join(", ")}.`;
      result.replaceChildren(make("p", { class: "note" }, told));
      return;
    }
    const items = problems.map(({ code, message, hint }) => make("li", { class: "error", "data-problem": code }, message, make("span", { class: "hint" }, hint)));
    result.replaceChildren(make("ul", { class: "problems" }, ...items));
  } catch {
    result.replaceChildren(words("Không liên lạc được với máy chủ. Hãy thử lại."));
  } finally {
    target.disabled = false;
  }
});
