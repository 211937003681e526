import { page } from "../templates/base.js";
import { cards } from "../templates/lists.js";

export const data = { permalink: "/index.html", eleventyExcludeFromCollections: true };

export const render = ({ collections }) =>
  page("Tin mới", `<h1>Tin mới</h1>\n${cards(collections.news.slice(0, 20), true)}`);
