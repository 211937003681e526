// The list of items: asks again while one types, so that no button is needed. Without this script the form works as well.
import { takeDrops } from "./bringing.js";

const form = document.getElementById("loc");
const list = document.getElementById("cac-bai");
const PAUSE = 150;

let timer;
let asked = 0;

async function ask() {
  const turn = ++asked;
  const query = new URLSearchParams(new FormData(form));
  const response = await fetch(`/_soan/?${query}`, { headers: { "X-Part": "rows" } });
  // The session is over: the page itself leads to signing in.
  if (response.status === 401) location.reload();
  const rows = await response.text();
  if (!response.ok || turn !== asked) return; // a later question has overtaken this one
  // The server's own page, in which every word is escaped.
  list.innerHTML = rows;
  history.replaceState(null, "", `?${query}`);
}

form.addEventListener("input", ({ isComposing }) => {
  clearTimeout(timer);
  if (!isComposing) timer = setTimeout(ask, PAUSE);
});
form.addEventListener("compositionend", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
takeDrops();
