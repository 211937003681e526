// The rich text: Tiptap with the few things that an item's text may hold. It knows no Markdown: the server cuts a text
// into blocks, gives those that the editor knows as HTML, and writes back what was touched.
import {
  Blockquote,
  Bold,
  BulletList,
  Code,
  CodeBlock,
  Document,
  Dropcursor,
  Editor,
  Extension,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  HorizontalRule,
  Italic,
  Link,
  ListItem,
  Node,
  OrderedList,
  Paragraph,
  Strike,
  Subscript,
  Superscript,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  Text,
  pm,
} from "./editor-library.js";

// A block that stands at the top knows which block of the opened text it is. Split, joined or changed it is another one.
const TOP = [
  ...["paragraph", "heading", "bulletList", "orderedList", "blockquote", "table"],
  ...["horizontalRule", "codeBlock", "card"],
];
const Origin = Extension.create({
  name: "origin",
  addGlobalAttributes: () => [
    {
      types: TOP,
      attributes: {
        origin: {
          default: null,
          keepOnSplit: false,
          rendered: false,
          parseHTML: (element) => element.getAttribute("data-origin"),
        },
      },
    },
  ],
});

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

// A picture has its address as it stands in the text, «anh.jpg»: `shown` says where the desk shows that file.
const pictures = (shown) =>
  Node.create({
    name: "image",
    inline: true,
    group: "inline",
    draggable: true,
    addAttributes: () => ({ src: { default: "" }, alt: { default: "" }, title: { default: null } }),
    parseHTML: () => [{ tag: "img[src]" }],
    renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
    addNodeView:
      () =>
      ({ node }) => {
        const { src, alt } = node.attrs;
        const image = make("img", { src: shown(src), alt, title: alt || "Ảnh chỉ để trang trí" });
        return { dom: make("span", { class: "picture" }, image) };
      },
  });

// The alignment of a column is a class of its cells.
const aligned = (cell) =>
  cell.extend({
    addAttributes() {
      return { ...this.parent?.(), class: { default: null, parseHTML: (element) => element.getAttribute("class") } };
    },
  });

// A list may go on with another number than the next: «1. 2. 4.»
const Numbered = ListItem.extend({
  addAttributes() {
    const parseHTML = (element) => element.getAttribute("value");
    return { ...this.parent?.(), value: { default: null, keepOnSplit: false, parseHTML } };
  },
});

// A reference to a footnote, whose words stand in a card of their own.
const Footnote = Node.create({
  name: "footnote",
  inline: true,
  group: "inline",
  atom: true,
  addAttributes: () => ({ name: { default: "1", parseHTML: (element) => element.getAttribute("data-note") } }),
  parseHTML: () => [{ tag: "sup[data-note]", priority: 100 }],
  renderHTML: ({ node }) => ["sup", { "data-note": node.attrs.name }, `[${node.attrs.name}]`],
});

// What the editor does not know stands there as it is written, to be moved, or edited as text.
const cards = (edit) =>
  Node.create({
    name: "card",
    group: "block",
    atom: true,
    draggable: true,
    selectable: true,
    addAttributes: () => ({ source: { default: "", parseHTML: (element) => element.getAttribute("data-source") } }),
    parseHTML: () => [{ tag: "div[data-card]" }],
    renderHTML: ({ node }) => ["div", { "data-card": "", "data-source": node.attrs.source }],
    addNodeView:
      () =>
      ({ node, editor, getPos }) => {
        const act = (label, work) => {
          const button = make("button", { type: "button" }, label);
          button.addEventListener("click", work);
          return button;
        };
        const change = (source) => {
          const { tr } = editor.state;
          editor.view.dispatch(tr.setNodeMarkup(getPos(), null, { ...node.attrs, source }));
        };
        const move = (step) => () => moveBlock(editor, getPos(), step);
        const dom = make(
          "div",
          { class: "card", contenteditable: "false" },
          make(
            "p",
            {},
            "Đoạn đặc biệt, giữ nguyên như đã viết",
            act("Sửa", () => edit(node.attrs.source, change)),
            act("Lên", move(-1)),
            act("Xuống", move(1)),
          ),
          make("pre", {}, node.attrs.source.trim()),
        );
        return { dom, stopEvent: ({ target }) => target.tagName === "BUTTON", ignoreMutation: () => true };
      },
  });

function moveBlock(editor, position, step) {
  const { doc, tr } = editor.state;
  const index = doc.resolve(position).index(0);
  const other = index + step;
  if (other < 0 || other >= doc.childCount) return;
  const node = doc.child(index);
  const target = step < 0 ? position - doc.child(other).nodeSize : position + doc.child(other).nodeSize;
  editor.view.dispatch(tr.delete(position, position + node.nodeSize).insert(target, node));
}

// Return the HTML that Tiptap is given: each block of the server with its number, or as a card.
export function contentOf(blocks) {
  const page = document.implementation.createHTMLDocument("");
  blocks.forEach(({ html, source }, number) => {
    const template = page.createElement("template");
    template.innerHTML = html ?? "";
    const [root, ...others] = template.content.children;
    const isKnown = html !== null && root && !others.length;
    const block = isKnown ? root : page.createElement("div");
    if (!isKnown) {
      block.setAttribute("data-card", "");
      block.setAttribute("data-source", source);
    }
    block.setAttribute("data-origin", number);
    page.body.append(block);
  });
  return page.body.innerHTML;
}

const plainly = (node) => JSON.stringify({ ...node.toJSON(), attrs: { ...node.attrs, origin: null } });

const isPictures = ({ type, content }) =>
  type.name === "paragraph" && content.size > 0 && content.content.every((node) => node.type.name === "image");

// A picture stands in a paragraph of its own, pictures that come together in one: readers see a figure, or a gallery.
// In a list or a cell it stays among the words.
const placePicture =
  (attributes) =>
  ({ tr, state: { schema } }) => {
    const image = schema.nodes.image.create(attributes);
    const { $from } = tr.selection;
    const isTop = $from.depth === 1 && $from.parent.type.name === "paragraph";
    if (!isTop) {
      tr.replaceSelectionWith(image, false);
    } else if ($from.parent.content.size === 0 || isPictures($from.parent)) {
      tr.insert($from.end(), image);
      tr.setSelection(pm.state.TextSelection.create(tr.doc, $from.end() + image.nodeSize));
    } else {
      const place = $from.parentOffset === 0 ? $from.before() : $from.after();
      tr.insert(place, schema.nodes.paragraph.create(null, image));
      tr.setSelection(pm.state.TextSelection.create(tr.doc, place + 1 + image.nodeSize));
    }
    return true;
  };

// What is typed next is no part of the pictures.
const leavePictures = ({ tr, state: { schema } }) => {
  const { $from } = tr.selection;
  if ($from.depth !== 1 || !isPictures($from.parent)) return true;
  const after = $from.after();
  if (tr.doc.nodeAt(after)?.type.name !== "paragraph") tr.insert(after, schema.nodes.paragraph.create());
  tr.setSelection(pm.state.TextSelection.create(tr.doc, after + 1));
  return true;
};

export class RichText {
  // `told` is called after each change; `ask` holds what needs the form: dialogs, uploads, cleaning what is pasted.
  constructor(place, blocks, { told, shown, ask }) {
    this.ask = ask;
    this.editor = new Editor({
      element: place,
      injectCSS: false,
      // Nothing that is typed turns into something else: Vietnamese keyboards send Backspaces and letters of their own.
      enableInputRules: false,
      enablePasteRules: false,
      extensions: [
        ...[Document, Paragraph, Text, Bold, Italic, Strike, Code, Subscript, Superscript, HardBreak, Blockquote],
        ...[BulletList, OrderedList, Numbered, CodeBlock, HorizontalRule, Footnote, History, Gapcursor, Dropcursor, TableRow, aligned(TableCell), aligned(TableHeader), Origin],
        Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }),
        Link.configure({ openOnClick: false, autolink: false, linkOnPaste: false }),
        Table.configure({ resizable: false }),
        pictures(shown),
        cards(ask.card),
      ],
      editorProps: {
        attributes: { "aria-label": "Bài viết", "aria-describedby": "h-than-bai", "aria-multiline": "true", role: "textbox", lang: "vi", spellcheck: "false" },
        // Before the editor itself reads what another program wrote: its styles are forbidden on this page.
        handleDOMEvents: {
          paste: (_, event) => this.paste(event.clipboardData) && (event.preventDefault(), true),
          keydown: (_, event) => this.leaves(event),
        },
        handleDrop: (view, event, __, isMoved) => !isMoved && this.drop(view, event),
        handleDoubleClickOn: (_, __, node, position) => node.type.name === "image" && this.describe(node, position),
      },
      content: contentOf(blocks),
      onUpdate: told,
    });
    this.open(blocks);
  }

  // Take these blocks for those of the opened text: what is equal to one of them is sent back untouched.
  open(blocks) {
    const { editor } = this;
    editor.commands.setContent(contentOf(blocks), { emitUpdate: false });
    this.originals = new Map();
    editor.state.doc.forEach((node) => {
      if (node.attrs.origin !== null) this.originals.set(node.attrs.origin, plainly(node));
    });
  }

  // Return the text as the server takes it: blocks that were kept, by number, others as HTML or as they are written.
  blocks() {
    const page = document.implementation.createHTMLDocument("");
    const serializer = pm.model.DOMSerializer.fromSchema(this.editor.schema);
    const used = new Set();
    const blocks = [];
    this.editor.state.doc.forEach((node) => {
      const { origin } = node.attrs;
      if (origin !== null && !used.has(origin) && this.originals.get(origin) === plainly(node)) {
        used.add(origin);
        blocks.push({ kept: Number(origin) });
      } else if (node.type.name === "card") {
        blocks.push({ source: node.attrs.source });
      } else {
        const holder = page.createElement("div");
        holder.append(serializer.serializeNode(node, { document: page }));
        blocks.push({ html: holder.innerHTML });
      }
    });
    return blocks;
  }

  // Tab belongs to tables and lists. Behind Escape it is the browser's again, and leaves the text.
  leaves({ key }) {
    if (key === "Tab" && this.isLeaving) return true;
    if (key !== "Shift") this.isLeaving = key === "Escape";
    return false;
  }

  paste(data) {
    if (this.takeFiles(data)) return true;
    const html = data.getData("text/html");
    const text = data.getData("text/plain");
    // What was copied here has its own mark and is clean. A web page, Word and Excel are read by the server.
    // Plain text of several lines is set there as well: bullets, tables, lines that a program has broken.
    if ((html && !html.includes("data-pm-slice")) || (!html && /\t|\S\s*\n\s*\S/.test(text))) {
      this.ask.clean({ html, text }).then((clean) => this.insert(clean, text));
      return true;
    }
    return false;
  }

  insert(clean, text) {
    if (clean === null) this.editor.chain().focus().insertContent({ type: "text", text }).run();
    else this.editor.chain().focus().insertContent(clean).run();
  }

  // Files go where they are dropped, not where one wrote last.
  drop(view, event) {
    if (!event.dataTransfer?.files.length) return false;
    const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (place) this.editor.commands.setTextSelection(place.pos);
    return this.takeFiles(event.dataTransfer);
  }

  takeFiles(data) {
    const files = [...(data?.files ?? [])];
    this.addFiles(files);
    return files.length > 0;
  }

  // One after the other, so that they stand in their order.
  async addFiles(files) {
    for (const file of files) {
      const added = await this.ask.upload(file);
      if (added) this.insertFile(added);
    }
    this.editor.chain().command(leavePictures).run();
  }

  // A picture that stands in the text is asked about again.
  describe({ attrs }, position) {
    this.ask.words(attrs).then((alt) => {
      if (alt === null) return;
      const { tr } = this.editor.state;
      this.editor.view.dispatch(tr.setNodeMarkup(position, null, { ...attrs, alt }));
    });
    return true;
  }

  addPicture() {
    const { node, from } = this.editor.state.selection;
    if (node?.type.name === "image") this.describe(node, from);
    else this.ask.picture().then((picture) => picture && this.insertFile(picture).chain().command(leavePictures).run());
  }

  // A picture is shown; any other file that came along is linked by its name.
  insertFile({ src, alt, href, title }) {
    const { editor } = this;
    if (src) editor.chain().focus().command(placePicture({ src, alt })).run();
    else editor.chain().focus().insertContent({ type: "text", text: title, marks: [{ type: "link", attrs: { href } }] }).run();
    return editor;
  }

  // The buttons above the text: each says whether it is on.
  toolbar(place) {
    const { editor, ask } = this;
    const chain = () => editor.chain().focus();
    const link = async () => {
      const chosen = await ask.link(editor.getAttributes("link").href ?? "");
      if (chosen === null) return;
      const { href } = chosen;
      if (!href) chain().extendMarkRange("link").unsetLink().run();
      else if (editor.state.selection.empty && !editor.isActive("link"))
        chain()
          .insertContent({ type: "text", text: chosen.title || href, marks: [{ type: "link", attrs: { href } }] })
          .run();
      else chain().extendMarkRange("link").setLink({ href }).run();
    };
    const table = [
      ["Thêm hàng", () => chain().addRowAfter().run()],
      ["Thêm cột", () => chain().addColumnAfter().run()],
      ["Bớt hàng", () => chain().deleteRow().run()],
      ["Bớt cột", () => chain().deleteColumn().run()],
      ["Xóa bảng", () => chain().deleteTable().run()],
    ];
    const tools = [
      ["Đậm", () => chain().toggleBold().run(), () => editor.isActive("bold")],
      ["Nghiêng", () => chain().toggleItalic().run(), () => editor.isActive("italic")],
      ["Gạch", () => chain().toggleStrike().run(), () => editor.isActive("strike")],
      ["Đề mục", () => chain().toggleHeading({ level: 2 }).run(), () => editor.isActive("heading", { level: 2 })],
      ["Đề mục nhỏ", () => chain().toggleHeading({ level: 3 }).run(), () => editor.isActive("heading", { level: 3 })],
      ["Danh sách", () => chain().toggleBulletList().run(), () => editor.isActive("bulletList")],
      ["Đánh số", () => chain().toggleOrderedList().run(), () => editor.isActive("orderedList")],
      ["Trích dẫn", () => chain().toggleBlockquote().run(), () => editor.isActive("blockquote")],
      ["Liên kết", link, () => editor.isActive("link")],
      ["Bảng", () => chain().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(), () => editor.isActive("table")],
      ["Ảnh, tệp", () => this.addPicture()],
      ["Chú thích", () => this.addFootnote()],
      ["Đường kẻ", () => chain().setHorizontalRule().run()],
      ["Hoàn tác", () => chain().undo().run()],
      ["Làm lại", () => chain().redo().run()],
    ];
    const button = ([label, work, isOn]) => {
      const element = make("button", { type: "button" }, label);
      element.addEventListener("click", work);
      if (isOn) this.onChange(() => element.setAttribute("aria-pressed", isOn()));
      return element;
    };
    const ofTable = table.map(button);
    this.onChange(() => {
      for (const element of ofTable) element.hidden = !editor.isActive("table");
    });
    place.replaceChildren(...tools.map(button), ...ofTable);
  }

  onChange(work) {
    work();
    this.editor.on("transaction", work);
  }

  // A footnote is a mark in the line and a line of its own at the end; both are written as Markdown has them.
  addFootnote() {
    const names = new Set();
    this.editor.state.doc.descendants((node) => {
      if (node.type.name === "footnote") names.add(node.attrs.name);
      for (const [, name] of (node.attrs.source ?? "").matchAll(/\[\^([^\]]+)\]/g)) names.add(name);
    });
    let number = 1;
    while (names.has(String(number))) number += 1;
    this.ask.footnote().then((words) => {
      if (!words) return;
      const { editor } = this;
      editor.chain().focus().insertContent({ type: "footnote", attrs: { name: String(number) } }).run();
      const end = editor.state.doc.content.size;
      const card = editor.schema.nodes.card.create({ source: `[^${number}]: ${words}` });
      editor.view.dispatch(editor.state.tr.insert(end, card));
    });
  }
}
