// What the search finds and in which order, without a browser: `node --test tests/search/`.
import assert from "node:assert/strict";
import { test } from "node:test";
import search from "../../templates/assets/search.js";

const { compile, easier, excerpt, facet, filtered, fold, foundBy, itemOf, marked, namesOf, rank } = search;

const PLACES = { "ho-chi-minh": ["Hồ Chí Minh", "TPHCM", "Sài Gòn"], hue: ["Huế", "Thừa Thiên Huế"] };

function item({ title = "Tin", summary = "", text = "", place = ["ha-noi", "Hà Nội"], ...others } = {}) {
  const made = itemOf({ url: "/", date: "2016-12-25", places: Object.fromEntries([place]), title, summary, ...others }, PLACES);
  made.fields[3] = text;
  return made;
}

const of = (query, what) => rank(compile(query), item(typeof what === "string" ? { title: what } : what));
const finds = (query, what) => of(query, what) >= 0;

function isBetter(query, better, worse) {
  assert.ok(finds(query, better), `«${query}» does not find ${JSON.stringify(better)}`);
  assert.ok(finds(query, worse), `«${query}» does not find ${JSON.stringify(worse)}`);
  assert.ok(of(query, better) < of(query, worse), `«${query}»: ${JSON.stringify(better)} before ${JSON.stringify(worse)}`);
}

const TABLE = [
  // query, title, is it found
  ["thai nguyen", "Thái Nguyên", true],
  ["thái nguyen", "Thái Nguyên", true],
  ["nguyen thai", "Thái Nguyên", true],
  ["thãi", "Thái Nguyên", false],
  ["da nang", "Đà Nẵng", true],
  ["da", "Đà Nẵng", true],
  ["đa", "Đà Nẵng", true],
  ["đa nang", "Da Nang", false],
  ["bac", "Bạc Liêu", true],
  ["bắc", "Bạc Liêu", false],
  ["hòa binh", "Hoà Bình", true],
  ["hòa binh", "Hòa Bình", true],
  ["hoà binh", "Hoà Bình", true],
  ["hoà binh", "Hòa Bình", true],
  ["hoa binh", "Hoà Bình", true],
  ["hoa binh", "Hòa Bình", true],
  ["hue", "Thừa Thiên Huế", true],
  // From the first letters on; the tone of a half-typed word moves to another vowel.
  ["d", "Đà Nẵng", true],
  ["th", "Thái Nguyên", true],
  ["thai ng", "Thái Nguyên", true],
  ["hoà", "Hoàn thành", true],
  ["hòa", "Hoàn thành", true],
  ["khoẻ", "Sức khỏe", true],
  ["khỏe", "Sức khoẻ", true],
  ["thuý", "Thúy", true],
  ["quý", "Quý I", true],
  ["quý", "Qúy I", false],
  // Case and Unicode form.
  ["ĐÀ NẴNG", "Đà Nẵng", true],
  ["đà nẵng", "ĐÀ NẴNG", true],
  ["Đà Nẵng".normalize("NFD"), "Đà Nẵng", true],
  ["Ðà Nẵng", "Đà Nẵng", true],
  ["dak lak", "Đắk Lắk", true],
  ["sua uong", "Sữa uống", true],
  // An accent that was typed must be there.
  ["đà năng", "Đà Nẵng", false],
  ["huê", "Huế", false],
  ["hồ", "Ho Chi Minh", false],
  // Every word, and only the last may be half-typed.
  ["da nang hue", "Đà Nẵng", false],
  ["da nang", "Đang nâng cấp", false],
  ["nang", "Đà Nẵng", true],
  ["ang", "Đà Nẵng", false],
  ["thong tin", "An toàn thông tin", true],
  // Signs separate and count for nothing.
  ["ba ria vung tau", "Bà Rịa - Vũng Tàu", true],
  ["«da nang»?", "Đà Nẵng", true],
  // The point of a number may be left out, and comes while one types; it is no comma.
  ["2000 ty", "2.000 tỷ đồng", true],
  ["2.000 tỷ", "2.000 tỷ đồng", true],
  ["2.000 tỷ", "2000 tỷ", true],
  ["200", "2.000 tỷ", true],
  ["2.0", "2.000 tỷ", true],
  ["1.234.5", "1.234.567 người", true],
  ["12", "Bản 1.2", false],
  ["2016", "Ngày 25.12.2016", true],
  ["4.0", "Công nghiệp 4.0", true],
  ["1,5 tỷ", "gần 1,5 tỷ đồng", true],
  ["4g", "Mạng 4G", true],
  ["m'drak", "M'Đrắk", true],
  [".*", "Đà Nẵng", true],
  ["xyzzy", "Đà Nẵng", false],
];

for (const [query, title, found] of TABLE) {
  test(`«${query}» ${found ? "finds" : "does not find"} «${title}»`, () => assert.equal(finds(query, title), found));
}

test("a place is found by all that it is called", () => {
  const there = { place: ["ho-chi-minh", "Hồ Chí Minh"] };
  for (const query of ["tphcm", "sai gon", "Sài Gòn", "ho chi minh", "tph"]) assert.ok(finds(query, there), query);
  assert.ok(!finds("tphcm", { place: ["ha-noi", "Hà Nội"] }));
});

test("titles before a name of a place are no words of the query", () => {
  const words = (query) => compile(query, namesOf({ ...PLACES, "ba-ria": ["Bà Rịa - Vũng Tàu"], "thai-binh": ["Thái Bình"] })).words.join(" ");
  const titled = [
    ["tp sài gòn", "sài gòn"], ["TP.SÀI GÒN", "sài gòn"], ["T.P. Hồ Chí Minh", "hồ chí minh"], ["dịch vụ thành phố Hồ Chí Minh mới", "dịch vụ hồ chí minh mới"],
    ["tỉnh Thái Bình", "thái bình"], ["tỉnh thái b", "thái b"], ["tinh thái", "tinh thái"], ["tính thái bình", "tính thái bình"], ["tinh ba ria vung tau", "ba ria vung tau"], ["tp", "tp"],
    ["thành phố thông minh", "thành phố thông minh"], ["cấp tỉnh", "cấp tỉnh"], ["tính toán", "tính toán"], ["thành phố", "thành phố"],
  ];
  for (const [query, left] of titled) assert.equal(words(query), left, query);
});

test("what a hit shows beside its title and place is found too", () => {
  const deal = { amount: "2.000\u00a0tỷ\u00a0đồng", category: "Ký kết", date: "2015-03-04", place: ["hue", "Huế"] };
  for (const query of ["2000 ty", "hue 2015", "ky ket"]) assert.ok(finds(query, deal), query);
  assert.ok(!finds("2016", deal));
});

test("words of one query may stand in different fields", () => {
  assert.ok(finds("hue thong minh dien luc", { title: "Đô thị thông minh", place: ["hue", "Huế"], text: "Về điện lực." }));
});

test("two names of a place are no neighbours", () => {
  assert.ok(of("tphcm sai gon", { place: ["ho-chi-minh", "Hồ Chí Minh"] }) >= 16);
});

test("neighbours come before scattered words, wherever", () => {
  isBetter("da nang", { text: "Về Đà Nẵng." }, { title: "Đà Lạt và nâng cấp" });
});

test("title comes before place before summary before text", () => {
  const [title, place, summary, text] = [{ title: "Ở Huế" }, { place: ["hue", "Huế"] }, { summary: "Ở Huế" }, { text: "Ở Huế" }];
  isBetter("hue", title, place);
  isBetter("hue", place, summary);
  isBetter("hue", summary, text);
});

test("exact accents come before others, words typed to their end before half-typed ones", () => {
  isBetter("ma", "Ma", "Mà");
  isBetter("da nang", "Da Nang", "Đà Nẵng");
  isBetter("hue", "Huế", "Huếch");
  isBetter("an giang", "An Giang", "An giảng");
  isBetter("thuý", "Thúy", "Thúyt");
});

test("either place of a tone is exact", () => {
  assert.equal(of("hoà binh", "Hòa Binh"), of("hòa binh", "Hoà Binh"));
  assert.equal(of("hoà binh", "Hòa Binh"), 0);
});

test("a query without words leaves the order alone", () => {
  for (const query of ["", "  ", "?!"]) assert.equal(of(query, "Tin một"), 0);
});

test("marks stand where the words stand", () => {
  const shown = (query, text, rank = 0) =>
    marked(compile(query), text, rank).map(([part, isMarked]) => (isMarked ? `[${part}]` : part)).join("");
  assert.equal(shown("da nang", "Ở Đà Nẵng, Đà Lạt"), "Ở [Đà Nẵng], Đà Lạt");
  assert.equal(shown("nang da", "Ở Đà Nẵng", 16), "Ở [Đà] [Nẵng]");
  assert.equal(shown("ha", "Hà Nội, Hải Phòng"), "[Hà] Nội, [Hả]i Phòng");
  assert.equal(shown("binh", "𝄞 Hoà Bình 👩‍👧 bình"), "𝄞 Hoà [Bình] 👩‍👧 [bình]");
  assert.equal(shown("", "Huế"), "Huế");
});

test("the parts of a marked text are the text", () => {
  const text = "Đà Nẵng — «đã nâng» ẢNH, Hoà Bình";
  for (const query of ["da", "a", "hoa binh", "n", "zzz", ""]) {
    assert.equal(marked(compile(query), text, 16).map(([part]) => part).join(""), text);
  }
});

test("an excerpt is the summary unless the text alone answers", () => {
  const before = "Một câu dẫn dài hơn. ".repeat(30), after = " Một câu kết dài hơn.".repeat(30);
  const { fields } = item({ title: "Tin Huế", summary: "Tóm tắt về Huế.", text: `${before}Trạm biến áp ở đây.${after}` });
  const shown = (query) => excerpt(compile(query), fields, "Tóm tắt về Huế.");
  assert.equal(shown("hue"), "Tóm tắt về Huế.");
  assert.equal(shown(""), "Tóm tắt về Huế.");
  for (const query of ["bien ap", "hue ap", "tram"]) {
    assert.match(shown(query), /^… .*Trạm biến áp ở đây.* …$/);
    assert.ok(shown(query).length <= 230, shown(query));
  }
});

test("an excerpt of a word without blanks around it shows the word", () => {
  const { fields } = item({ text: `${"x".repeat(500)}-huế-${"y".repeat(500)}` });
  assert.match(excerpt(compile("hue"), fields, ""), /huế/);
});

test("easier queries are without accents, without a word, without last letters, and never the same", () => {
  assert.deepEqual(easier("đà năng"), ["da nang", "nang", "năng"]);
  assert.deepEqual(easier("thái nguyên xanh"), ["thai nguyen xanh", "thai nguyen", "thái nguyên", "nguyen xanh"]);
  assert.deepEqual(easier("huếch"), ["huech", "huec", "huếc", "hue"]);
  assert.deepEqual(easier("a"), []);
});

test("facets count what each value would leave, the other filters kept", () => {
  const items = [
    item({ place: ["hue", "Huế"], category: "Ký kết" }),
    item({ place: ["hue", "Huế"], date: "2017-01-01" }),
    item({ date: "2017-02-01" }),
  ];
  const counts = (name) => [...facet(items, { tinh: "hue", nam: "", "chuyen-muc": "" }, name)];
  assert.deepEqual(counts("tinh"), [["hue", 2], ["ha-noi", 1]]);
  assert.deepEqual(counts("nam"), [["2016", 1], ["2017", 1]]);
  assert.deepEqual(counts("chuyen-muc"), [["Ký kết", 1]]);
  assert.deepEqual(filtered(items, { tinh: "", nam: "2017" }), items.slice(1));
  assert.deepEqual(filtered(items, { tinh: "hue", nam: "2017" }), [items[1]]);
});

test("fold leaves one letter for each", () => {
  assert.equal(fold("Đắk Lắk, ƯỠN Ẹo ð"), "dak lak, uon eo d");
});

test("a query of any signs is no broken expression", () => {
  for (const query of ["(", "[a", "\\", "a|b", "$^", "ß", "İstanbul", "ŉ", "𝟏", "\u0301", "क्षि"]) rank(compile(query), item());
});

// Places and times.

const NAMES = namesOf({
  ...PLACES, "ha-giang": ["Hà Giang"], "tuyen-quang": ["Tuyên Quang"], "quang-nam": ["Quảng Nam"], "dong-nai": ["Đồng Nai"],
  "thua-thien-hue": ["Thừa Thiên Huế", "Huế"], "ba-ria-vung-tau": ["Bà Rịa - Vũng Tàu", "BR-VT"], "dak-lak": ["Đắk Lắk", "Daklak"],
});
const understood = (query) => {
  const { isMeant, places, dates, rest } = compile(query, NAMES);
  return isMeant ? [...places.flatMap(({ ids }) => ids), ...dates.map(({ name }) => name), ...rest.words].join(" | ") : "";
};

const UNDERSTOOD = [
  // query, what is understood: places, times, other words; nothing if it is words alone
  ["hà giang 2010", "ha-giang | năm 2010"],
  ["ha giang 2010", "ha-giang | năm 2010"],
  ["2010 Hà Giang", "ha-giang | năm 2010"],
  ["tỉnh hà giang năm 2010", "ha-giang | năm 2010"],
  ["ha giang nam 2010", "ha-giang | năm 2010"],
  ["quang nam 2010", "quang-nam | năm 2010"],
  ["2010 đồng nai", "dong-nai | năm 2010"],
  ["Hà Giang".normalize("NFD") + " 2010", "ha-giang | năm 2010"],
  ["tp sài gòn 2010", "ho-chi-minh | năm 2010"],
  ["TPHCM tháng 12/2016", "ho-chi-minh | tháng 12/2016"],
  ["thừa thiên huế 12/2011", "hue | thua-thien-hue | tháng 12/2011"],
  ["ba ria vung tau 2010", "ba-ria-vung-tau | năm 2010"],
  ["br-vt 2010", "ba-ria-vung-tau | năm 2010"],
  ["daklak 2010", "dak-lak | năm 2010"],
  ["dak lak 2010", "dak-lak | năm 2010"],
  ["hà giang tuyên quang 2010", "ha-giang | tuyen-quang | năm 2010"],
  ["hà giang thông minh", "ha-giang | thông | minh"],
  ["hà giang", ""],
  ["hả giang 2010", "năm 2010 | hả | giang"],
  // Times in all their ways.
  ["tháng 12/2016", "tháng 12/2016"],
  ["tháng 12 năm 2016", "tháng 12/2016"],
  ["thang 12 nam 2016", "tháng 12/2016"],
  ["tháng 12 2016", "tháng 12/2016"],
  ["12/2011", "tháng 12/2011"],
  ["03-2011", "tháng 3/2011"],
  ["2011-12", "tháng 12/2011"],
  ["tháng 12", "tháng 12"],
  ["31/12/2011", "ngày 31/12/2011"],
  ["31-12-2011", "ngày 31/12/2011"],
  ["1.2.2011", "ngày 01/02/2011"],
  ["2011-12-31", "ngày 31/12/2011"],
  ["ngày 31 tháng 12 năm 2011", "ngày 31/12/2011"],
  ["ngay 31 thang 12 nam 2011", "ngày 31/12/2011"],
  ["Ngày 31/12/2011", "ngày 31/12/2011"],
  ["31 tháng 12", "ngày 31/12"],
  ["25/12", "ngày 25/12"],
  ["2010 2011", "năm 2010 | năm 2011"],
  // Numbers that are no time.
  ["2010 tỷ", ""],
  ["2010 ty dong", ""],
  ["2.010", ""],
  ["32/12/2011", ""],
  ["12/13/2011", ""],
  ["201", ""],
  ["20100", ""],
  ["0912345678", ""],
  ["1/3/20", ""],
];

for (const [query, meant] of UNDERSTOOD) {
  test(`«${query}» means «${meant}»`, () => assert.equal(understood(query), meant));
}

test("what is of the place and time comes before what only has the words", () => {
  const rankOf = (query, what) => rank(compile(query, NAMES), item(what));
  const there = { place: ["ha-giang", "Hà Giang"] }, then = { ...there, date: "2010-07-05" };
  const better = [
    ["hà giang 2010", then, { title: "Hà Giang 2010" }],
    ["ha giang 2010", then, { title: "Hà Giang, kế hoạch 2010", ...there, date: "2011-01-01" }],
    ["hà giang thông minh", { ...there, text: "Thông tin. Minh bạch." }, { title: "Hà Giang thông minh" }],
    ["2010", then, { title: "Kế hoạch 2010" }],
    ["tháng 7/2010", then, { title: "Tháng 7/2010" }],
    ["5/7/2010", then, { title: "Ngày 5/7/2010" }],
    ["hà giang 2010 thông minh", { ...then, title: "Thông minh" }, { ...then, text: "Thông minh" }],
    ["hà giang", { title: "Hà Giang" }, there],
  ];
  for (const [query, first, second] of better) {
    assert.ok(rankOf(query, first) >= 0 && rankOf(query, first) < rankOf(query, second), `${query}: ${JSON.stringify([first, second])}`);
  }
  assert.equal(rankOf("hà giang 2010 điện", then), -1);
  assert.equal(rankOf("ngày 5 tháng 7 năm 2010", then), 0);
  assert.equal(rankOf("thừa thiên huế 2016", { place: ["hue", "Huế"] }), 0);
});

test("a hit of the place has its name marked, and the other words where they stand", () => {
  const query = compile("hà giang 2010 thông minh", NAMES);
  const shown = (text, rank) => marked(query, text, rank).map(([part, isMarked]) => (isMarked ? `[${part}]` : part)).join("");
  assert.equal(shown("Hà Giang, Hà Nội: thông minh 2010", 0), "[Hà Giang], Hà Nội: [thông minh] 2010");
  assert.equal(shown("Hà Giang: thông minh 2010", 48), "[Hà] [Giang]: [thông] [minh] [2010]");
  assert.equal(excerpt(foundBy(compile("hà giang 2010", NAMES), 0), item({ text: "Ở Hà Giang" }).fields, "Tóm tắt"), "Tóm tắt");
});
