// The page that takes a file which somebody has already.
import { bring, takeDrops } from "./bringing.js";

const form = document.getElementById("nhap");
const options = () => ({ accept: form.elements.accept.checked, rows: form.elements.rows.value });

form.elements.file.addEventListener("change", async ({ target }) => {
  if (target.files[0]) await bring(target.files[0], options());
  target.value = ""; // so that the same file can be chosen again
});
form.addEventListener("submit", (event) => event.preventDefault());
takeDrops(options);
