import { page } from "./base.js";
import { cards, escape, link, meta } from "./lists.js";

export function render(data) {
  const { newer, older, related } = data.collections.neighbours.get(data.page.url);
  return page(
    data.title,
    `<article>
<h1>${escape(data.title)}</h1>
${meta({ date: data.page.date, data })}
<div class="text">
${data.content}
</div>
</article>
<nav>
${older ? `<p>Trước đó ${link(older)}</p>` : ""}
${newer ? `<p>Tiếp theo ${link(newer)}</p>` : ""}
</nav>
<section>
<h2>Cùng tỉnh, thành phố</h2>
${cards(related, false)}
</section>`,
  );
}
