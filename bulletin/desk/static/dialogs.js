// Questions that the desk asks, one at a time, in the one dialog of the page.
const dialog = document.getElementById("hoi");

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

// Ask; return the values of the fields by name, or null if the answer is no. `content` are elements with fields.
// A question waits for those before it: three pictures that are dropped at once are asked about one by one.
let last = Promise.resolve();
export function ask(...question) {
  last = last.then(() => open(...question));
  return last;
}

function open(title, content, yes, no = "Thôi") {
  const heading = make("h2", { id: "hoi-ten" }, title);
  const agree = make("button", { value: "yes", class: "main" }, yes);
  const acts = make("p", { class: "acts" }, agree, ...(no ? [make("button", { value: "no", formnovalidate: "" }, no)] : []));
  const form = make("form", { method: "dialog" }, heading, ...content, acts);
  dialog.replaceChildren(form);
  dialog.setAttribute("aria-labelledby", "hoi-ten");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.onclose = () => answer(dialog.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null);
  });
}

export const field = (label, name, attributes = {}, tag = "input") => {
  const input = make(tag, { name, id: `h-${name}`, ...attributes });
  return make("div", { class: "field" }, make("label", { for: `h-${name}` }, label), input);
};

export const words = (text) => make("p", {}, text);

export const isOpen = () => dialog.open;
