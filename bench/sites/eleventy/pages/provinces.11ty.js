import { page } from "../templates/base.js";
import { escape, slug } from "../templates/lists.js";

export const data = { permalink: "/tinh/index.html", eleventyExcludeFromCollections: true };

export function render({ collections }) {
  const sorted = [...collections.provinces].sort((one, other) => one.name.localeCompare(other.name, "vi"));
  const lines = sorted.map(
    ({ name, items }) => `<li><a href="/tinh/${slug(name)}/">${escape(name)}</a> (${items.length})</li>`,
  );
  return page("Tỉnh, thành phố", `<h1>Tỉnh, thành phố</h1>\n<ul>\n${lines.join("\n")}\n</ul>`);
}
