// The saved versions of an item: one of them is brought back as a new save.
import { ask, words } from "./dialogs.js";

const xsrf = document.querySelector("meta[name=xsrf]").content;

document.addEventListener("click", async ({ target }) => {
  if (target.dataset?.do !== "bring-back") return;
  const sure = await ask("Lấy lại bản này?", [words("Bản đang có được giữ trong danh sách này.")], "Lấy lại");
  if (!sure) return;
  const { path, version } = target.dataset;
  const response = await fetch("/_soan/_/lai", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
    body: JSON.stringify({ path, version }),
  });
  const answer = await response.json();
  if (answer.stand === "saved") location.assign(answer.address);
  else await ask("Chưa lấy lại được", answer.problems.map(({ message }) => words(message)), "Đã hiểu", "");
});
