export const data = { permalink: "/sitemap.xml", eleventyExcludeFromCollections: true };

export function render({ collections }) {
  const urls = [
    "/",
    "/tinh/",
    "/thang/",
    ...collections.provincePages.map(({ url }) => url),
    ...collections.months.map(({ name }) => `/thang/${name}/`),
    ...collections.news.map(({ url }) => url),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.map((url) => `<url><loc>https://bantin.example${url}</loc></url>`).join("\n")}
</urlset>
`;
}
