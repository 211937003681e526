const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]);

export const slug = (name) =>
  name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replace(/[^a-z0-9]+/g, "-");

export function newestFirst(api) {
  const news = api.getFilteredByGlob("tin/**/*.md");
  return news.sort((one, other) => other.date - one.date || (one.url < other.url ? -1 : 1));
}

/** Return [{name, items}], in the order in which their names first come. */
export function groups(news, name) {
  const found = new Map();
  for (const item of news) {
    const key = name(item);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(item);
  }
  return [...found].map(([key, items]) => ({ name: key, items }));
}

/** Return [{name, url, items, older}]: a group in pages, each with the url of the next one or nothing. */
export function chunks({ name, items }, size) {
  const count = Math.ceil(items.length / size);
  const url = (number) => `/tinh/${slug(name)}/${number ? `trang/${number + 1}/` : ""}`;
  return Array.from({ length: count }, (_, number) => ({
    name,
    url: url(number),
    items: items.slice(number * size, (number + 1) * size),
    older: number + 1 < count ? url(number + 1) : "",
  }));
}

export function meta({ date, data }) {
  const day = date.toISOString().slice(0, 10);
  const shown = day.split("-").reverse().join("/");
  const value = data.value ? ` · <strong>${escape(data.value)}</strong>` : "";
  const province = `<a href="/tinh/${slug(data.province)}/">${escape(data.province)}</a>`;
  return `<p class="meta">${province} · <time datetime="${day}">${shown}</time>${value}</p>`;
}

export function summary(item) {
  const text = item.templateContent.slice(0, 2000).replace(/<[^>]*>/g, "");
  return text.length > 200 ? `${text.slice(0, text.lastIndexOf(" ", 200))}…` : text;
}

export const link = (item) => `<a href="${item.url}">${escape(item.data.title)}</a>`;

export function cards(items, summaries) {
  const texts = items.map(
    (item) => `<li>
<h3>${link(item)}</h3>
${meta(item)}
${summaries ? `<p>${summary(item)}</p>\n` : ""}</li>`,
  );
  return `<ul>\n${texts.join("\n")}\n</ul>`;
}

export function feed(title, url, items) {
  const entries = items.map(
    (item) => `<entry>
<title>${escape(item.data.title)}</title>
<id>https://bantin.example${item.url}</id>
<link rel="alternate" type="text/html" href="https://bantin.example${item.url}"/>
<updated>${item.date.toISOString()}</updated>
<content type="html">${escape(item.templateContent)}</content>
</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">
<title>${escape(title)}</title>
<id>https://bantin.example${url}</id>
<updated>${items[0].date.toISOString()}</updated>
<author><name>Ban Truyền thông</name></author>
<link rel="self" type="application/atom+xml" href="https://bantin.example${url}"/>
${entries.join("\n")}
</feed>
`;
}
