import { page } from "../templates/base.js";
import { cards, escape } from "../templates/lists.js";

export const data = {
  pagination: { data: "collections.provincePages", size: 1, alias: "part" },
  permalink: ({ part }) => `${part.url}index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ part }) =>
  page(
    part.name,
    `<h1>${escape(part.name)}</h1>
${cards(part.items, true)}
${part.older ? `<p><a href="${part.older}">Các bài cũ hơn</a></p>` : ""}`,
  );
