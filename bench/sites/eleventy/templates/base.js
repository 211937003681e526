import { escape } from "./lists.js";

export const page = (title, main) => `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · Bản tin</title>
<link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/atom+xml" title="Bản tin" href="/atom.xml">
</head>
<body>
<header class="masthead">
<p><a href="/">Bản tin</a></p>
<nav><ul><li><a href="/tinh/">Tỉnh, thành phố</a></li><li><a href="/thang/">Tháng</a></li></ul></nav>
</header>
<main>
${main}
</main>
<footer><p>Ban Truyền thông · <a href="/atom.xml">Tin mới</a></p></footer>
</body>
</html>
`;
