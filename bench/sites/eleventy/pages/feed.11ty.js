import { feed } from "../templates/lists.js";

export const data = { permalink: "/atom.xml", eleventyExcludeFromCollections: true };

export const render = ({ collections }) => feed("Bản tin", "/atom.xml", collections.news.slice(0, 20));
