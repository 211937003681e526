// The table of deals: sorts by a column, filters by region and year. Older deals are fetched, page by page, once they
// are wanted; from a folder, where nothing can be fetched, it works on the deals that the page has.
(() => {
  const table = document.getElementById("_table");
  const form = document.querySelector(".filter");
  if (!table || !form) return;
  const body = table.tBodies[0];
  const status = form.querySelector("[role=status]");
  const { compare } = new Intl.Collator("vi");
  const text = (row, cell) => row.cells[cell].textContent.trim();
  // A month without a day stands behind the days of the month, as it does in the table.
  const byDay = (a, b) => compare(`${a.dataset.day}-32`.slice(0, 10), `${b.dataset.day}-32`.slice(0, 10));
  const orders = [
    byDay,
    (a, b) => compare(text(a, 1), text(b, 1)) || -byDay(a, b),
    (a, b) => Number(a.dataset.dong ?? -1) - Number(b.dataset.dong ?? -1) || byDay(a, b),
    (a, b) => compare(text(a, 3), text(b, 3)),
  ];
  let loading = null;

  const fetchOlder = async () => {
    let older = document.getElementById("_older");
    let url = older?.href;
    while (url) {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`${answer.status} ${url}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const row of page.querySelectorAll("#_table tbody tr")) {
        // Their links are written as seen from their own page.
        for (const link of row.querySelectorAll("a")) link.href = new URL(link.getAttribute("href"), url).href;
        body.append(document.adoptNode(row));
      }
      const next = page.querySelector(".older a")?.getAttribute("href");
      url = next ? new URL(next, url).href : null;
    }
    older?.parentElement.remove();
  };
  const all = () => {
    loading ??= fetchOlder().then(
      () => "",
      () => " mới nhất của trang này",
    );
    return loading;
  };

  const number = new Intl.NumberFormat("vi", { maximumFractionDigits: 1 });
  const sumOf = (rows) => {
    const disclosed = rows.filter((row) => row.dataset.dong);
    if (!disclosed.length) return "";
    const dong = disclosed.reduce((sum, row) => sum + Number(row.dataset.dong), 0);
    const about = disclosed.some((row) => "about" in row.dataset) ? "khoảng " : "";
    const [by, unit] = dong < 1e9 ? [1e6, "triệu"] : [1e9, "tỷ"];
    return `; ${disclosed.length} có công bố, tổng ${about}${number.format(dong / by)} ${unit} đồng`;
  };

  const show = async () => {
    status.textContent = "Đang lọc…";
    const which = await all();
    const { zone, year } = form.elements;
    const isWanted = ({ dataset }) =>
      (!zone.value || dataset.zone === zone.value) && (!year.value || dataset.day.startsWith(year.value));
    const rows = [...body.rows];
    for (const row of rows) row.hidden = !isWanted(row);
    const shown = rows.filter(isWanted);
    status.textContent = `${shown.length} trên ${rows.length} thỏa thuận${which}${sumOf(shown)}`;
  };

  const sort = async (column, head) => {
    const which = await all();
    if (which) status.textContent = `Chỉ xếp ${body.rows.length} thỏa thuận${which}`;
    // Days and amounts are wanted the greatest first, names from A on.
    const isNumber = column === 0 || column === 2;
    const before = head.getAttribute("aria-sort");
    const direction = before ? (before === "ascending" ? "descending" : "ascending") : isNumber ? "descending" : "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    body.append(...[...body.rows].sort((a, b) => sign * orders[column](a, b)));
  };

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = head.querySelector("button");
    button.addEventListener("click", () => sort(column, head));
    button.disabled = false;
  });
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
})();
