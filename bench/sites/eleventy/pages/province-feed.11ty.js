import { feed, slug } from "../templates/lists.js";

const url = (province) => `/tinh/${slug(province.name)}/atom.xml`;

export const data = {
  pagination: { data: "collections.provinces", size: 1, alias: "province" },
  permalink: ({ province }) => url(province),
  eleventyExcludeFromCollections: true,
};

export const render = ({ province }) => feed(province.name, url(province), province.items.slice(0, 20));
