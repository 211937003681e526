import footnote from "markdown-it-footnote";

import { chunks, newestFirst, groups } from "./templates/lists.js";

const PAGE = 20;
const RELATED = 3;

export default function (config) {
  config.amendLibrary("md", (markdown) => markdown.use(footnote));
  config.addPassthroughCopy("style.css");
  config.addCollection("news", newestFirst);
  config.addCollection("neighbours", (api) => neighbours(newestFirst(api)));
  config.addCollection("provinces", (api) => groups(newestFirst(api), (item) => item.data.province));
  config.addCollection("months", (api) => groups(newestFirst(api), (item) => item.date.toISOString().slice(0, 7)));
  config.addCollection("provincePages", (api) =>
    groups(newestFirst(api), (item) => item.data.province).flatMap((province) => chunks(province, PAGE)),
  );
  return {
    dir: { input: ".", includes: "templates", output: "_site" },
    templateFormats: ["md", "11ty.js"],
    // Without it, Liquid reads every item before Markdown does.
    markdownTemplateEngine: false,
  };
}

/** Return for each url the items beside it, and those of its province that stand just before it. */
function neighbours(news) {
  const found = new Map();
  news.forEach((item, at) => found.set(item.url, { newer: news[at - 1], older: news[at + 1] }));
  for (const { items } of groups(news, (item) => item.data.province)) {
    items.forEach((item, at) => {
      found.get(item.url).related = items.slice(at + 1, at + 1 + RELATED);
    });
  }
  return found;
}
