// What every page does with a script: `/` leads to the search; a button copies the page's address.
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
  const field = document.getElementById("_q");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

(() => {
  const button = document.querySelector(".copy");
  if (!button) return;
  const told = button.nextElementSibling;

  /** Where the page came without TLS, as on most intranets, browsers have no clipboard but this. */
  const copyBySelection = (text) => {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    button.after(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    button.focus();
    return isCopied;
  };
  const copy = (text) => navigator.clipboard?.writeText(text).then(() => true, () => copyBySelection(text)) ?? copyBySelection(text);

  button.addEventListener("click", async () => {
    const { address } = button.dataset;
    told.textContent = (await copy(address)) ? "Đã chép." : `Không chép được: ${address}`;
  });
  button.hidden = false;
})();
