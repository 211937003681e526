import { page } from "../templates/base.js";
import { cards } from "../templates/lists.js";

export const data = {
  pagination: { data: "collections.months", size: 1, alias: "month" },
  permalink: ({ month }) => `/thang/${month.name}/index.html`,
  eleventyExcludeFromCollections: true,
};

export const render = ({ month }) =>
  page(`Tháng ${month.name}`, `<h1>Tháng ${month.name}</h1>\n${cards(month.items, false)}`);
