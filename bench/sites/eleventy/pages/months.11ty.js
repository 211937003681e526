import { page } from "../templates/base.js";

export const data = { permalink: "/thang/index.html", eleventyExcludeFromCollections: true };

export function render({ collections }) {
  const lines = collections.months.map(
    ({ name, items }) => `<li><a href="/thang/${name}/">${name}</a> (${items.length})</li>`,
  );
  return page("Tháng", `<h1>Tháng</h1>\n<ul>\n${lines.join("\n")}\n</ul>`);
}
