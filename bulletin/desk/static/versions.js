// The saved versions of an item: one of them is brought back as a new save.
import { ask, words } from "./dialogs.js";
import { post, why } from "./server.js";

document.addEventListener("click", async ({ target }) => {
  if (target.dataset?.do !== "bring-back") return;
  const sure = await ask("Lấy lại bản này?", [words("Bản đang có được giữ trong danh sách này.")], "Lấy lại");
  if (!sure) return;
  const { path, version } = target.dataset;
  const answer = await post("lai", { path, version }).catch((fault) => ({ problems: [{ message: why(fault) }] }));
  if (answer.stand === "saved") location.assign(answer.address);
  else await ask("Chưa lấy lại được", answer.problems.map(({ message }) => words(message)), "Đã hiểu", "");
});
