// 正文编辑器：把文本框换成 Tiptap。粘贴来的网页交服务端理干净；图片从资料库选。没有脚本时文本框照样能写。
import {
  Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, Heading, History,
  Italic, Link, ListItem, Node, OrderedList, Paragraph, Strike, Subscript, Superscript, Table,
  TableCell, TableHeader, TableRow, Text, TrailingNode, Underline,
} from "django-prose-editor/editor";

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

const LOOKS = ["flush", "center", "right", "quote"];
const Looks = Extension.create({
  name: "looks",
  addGlobalAttributes: () => [{
    types: ["paragraph"],
    attributes: {
      look: {
        default: null,
        parseHTML: (element) => LOOKS.find((look) => element.classList.contains(look)) ?? null,
        renderHTML: ({ look }) => (look ? { class: look } : {}),
      },
    },
  }],
});

const Picture = Node.create({
  name: "picture",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ file: {}, src: {}, alt: { default: "" }, caption: { default: "" } }),
  parseHTML: () => [{
    tag: "figure",
    getAttrs: (figure) => {
      const image = figure.querySelector("img[data-file]");
      return image && {
        file: image.dataset.file,
        src: image.getAttribute("src"),
        alt: image.getAttribute("alt"),
        caption: figure.querySelector("figcaption")?.textContent ?? "",
      };
    },
  }],
  renderHTML: ({ node: { attrs } }) => [
    "figure", {}, ["img", { "data-file": attrs.file, src: attrs.src, alt: attrs.alt }],
    ...(attrs.caption ? [["figcaption", {}, attrs.caption]] : []),
  ],
  addNodeView: () => ({ node, editor, getPos }) => {
    const set = (name) => (event) => editor.commands.command(({ tr }) => {
      tr.setNodeMarkup(getPos(), undefined, { ...tr.doc.nodeAt(getPos()).attrs, [name]: event.target.value });
      return true;
    });
    const image = make("img", { src: node.attrs.src, alt: node.attrs.alt });
    const alt = make("input", { type: "text", maxlength: 200, oninput: set("alt") });
    const caption = make("input", { type: "text", maxlength: 300, oninput: set("caption") });
    alt.value = node.attrs.alt;
    caption.value = node.attrs.caption;
    const remove = make("button", {
      type: "button", class: "link", text: "去掉这张图片",
      onclick: () => editor.chain().focus().deleteRange({ from: getPos(), to: getPos() + 1 }).run(),
    });
    const dom = make("figure", { contenteditable: "false" },
      image,
      make("label", {}, "替代文字（看不见图的人听到的）", alt),
      make("label", {}, "图下的说明", caption),
      remove);
    return {
      dom,
      stopEvent: (event) => event.target !== dom && event.target !== image,
      ignoreMutation: () => true,
      update: (fresh) => {
        if (fresh.type.name !== "picture") return false;
        image.alt = fresh.attrs.alt;
        if (alt.value !== fresh.attrs.alt) alt.value = fresh.attrs.alt;
        if (caption.value !== fresh.attrs.caption) caption.value = fresh.attrs.caption;
        return true;
      },
    };
  },
});

const STYLES = [
  ["正文", (e) => e.setParagraph().updateAttributes("paragraph", { look: null })],
  ["大标题", (e) => e.setHeading({ level: 2 }), (e) => e.isActive("heading", { level: 2 })],
  ["中标题", (e) => e.setHeading({ level: 3 }), (e) => e.isActive("heading", { level: 3 })],
  ["小标题", (e) => e.setHeading({ level: 4 }), (e) => e.isActive("heading", { level: 4 })],
  ...[["顶格", "flush"], ["居中", "center"], ["靠右", "right"], ["引文", "quote"]].map(([label, look]) => [
    label,
    (e) => e.setParagraph().updateAttributes("paragraph", { look }),
    (e) => e.isActive("paragraph", { look }),
  ]),
];

const BUTTONS = [
  ["加粗", (e) => e.toggleBold(), "bold"],
  ["斜体", (e) => e.toggleItalic(), "italic"],
  ["下划线", (e) => e.toggleUnderline(), "underline"],
  ["上标", (e) => e.toggleSuperscript(), "superscript"],
  ["下标", (e) => e.toggleSubscript(), "subscript"],
  ["列表", (e) => e.toggleBulletList(), "bulletList"],
  ["编号", (e) => e.toggleOrderedList(), "orderedList"],
  ["表格", (e) => e.insertTable({ rows: 3, cols: 3, withHeaderRow: true })],
  ["撤销", (e) => e.undo()],
  ["重做", (e) => e.redo()],
];
const IN_TABLE = [
  ["加一行", (e) => e.addRowAfter()],
  ["加一列", (e) => e.addColumnAfter()],
  ["删这行", (e) => e.deleteRow()],
  ["删这列", (e) => e.deleteColumn()],
  ["合并或拆开", (e) => e.mergeOrSplit()],
  ["表头", (e) => e.toggleHeaderRow()],
  ["删去表格", (e) => e.deleteTable()],
];

class Room {
  constructor(box) {
    this.box = box;
    this.plain = box.querySelector("[data-plain]");
    this.html = box.querySelector("[data-html]");
    this.form = box.closest("form");
    this.label = this.form.querySelector(`label[for="${this.plain.id}"]`);
    this.said = make("p", { class: "said", role: "status" });
    this.surface = make("div", { class: "surface" });
    this.tools = make("div", { class: "tools", role: "toolbar", "aria-label": "编辑" });
    this.panel = make("div", { class: "richtext-panel", hidden: "" });
    this.editor = new Editor({
      element: this.surface,
      content: this.html.value,
      injectCSS: false,
      extensions: [
        Document, Paragraph, Text, HardBreak, Bold, Italic, Underline, Strike, Subscript, Superscript,
        Heading.configure({ levels: [2, 3, 4] }), BulletList, OrderedList, ListItem, Looks, Picture,
        Link.configure({ openOnClick: false, autolink: false, protocols: ["tel", "mailto"] }),
        Table, TableRow, TableHeader, TableCell, History, Dropcursor, Gapcursor, TrailingNode,
      ],
      editorProps: {
        attributes: {
          role: "textbox", "aria-multiline": "true", class: "text-edited",
          "aria-label": this.label ? this.label.firstChild.textContent.trim() : "正文",
        },
        // 赶在 ProseMirror 自己解析之前：它解析时会碰到粘贴来的样式，内容安全策略不准
        handleDOMEvents: { paste: (view, event) => this.paste(event) },
      },
      onUpdate: () => this.keep(),
      onTransaction: () => this.mark(),
    });
    this.buttons = [];
    this.fillTools();
    box.append(this.tools, this.panel, this.surface, this.said);
    box.querySelector("[data-plain-help]").hidden = true;
    this.plain.hidden = this.plain.disabled = true;
    this.html.disabled = false;
    this.label?.addEventListener("click", () => this.editor.commands.focus());
    box.classList.add("ready");
    this.mark();
    this.html.value = this.written();
    this.form.dispatchEvent(new CustomEvent("richtext"));
  }

  fillTools() {
    this.style = make("select", { "aria-label": "段落的样子", onchange: () => this.run(STYLES[this.style.value][1]) });
    STYLES.forEach(([label], index) => this.style.append(make("option", { value: index, text: label })));
    this.tools.append(this.style);
    for (const [label, command, name] of BUTTONS) this.addButton(this.tools, label, () => this.run(command), name);
    this.addButton(this.tools, "链接", () => this.askLink(), "link");
    if (this.box.dataset.pictures) this.addButton(this.tools, "图片", () => this.askPicture());
    this.tableTools = make("span", { class: "table-tools", role: "group", "aria-label": "表格" });
    for (const [label, command] of IN_TABLE) this.addButton(this.tableTools, label, () => this.run(command));
    this.tools.append(this.tableTools);
  }

  addButton(place, label, act, name) {
    const button = make("button", { type: "button", class: "tool", text: label, onclick: act });
    if (name) this.buttons.push([button, name]);
    place.append(button);
  }

  run(command) {
    command(this.editor.chain().focus()).run();
  }

  // 末尾的空段落是编辑器自己留的，不算写了什么。
  written() {
    return this.editor.isEmpty ? "" : this.editor.getHTML().replace(/(<p><\/p>)+$/, "");
  }

  keep() {
    const written = this.written();
    if (this.html.value === written) return;
    this.html.value = written;
    this.html.dispatchEvent(new Event("input", { bubbles: true }));
  }

  mark() {
    if (!this.buttons) return;
    for (const [button, name] of this.buttons) button.setAttribute("aria-pressed", this.editor.isActive(name));
    const at = STYLES.findIndex(([, , active]) => active?.(this.editor));
    this.style.value = Math.max(at, 0);
    this.tableTools.hidden = !this.editor.isActive("table");
  }

  say(text) {
    this.said.textContent = text;
  }

  paste(event) {
    const html = event.clipboardData?.getData("text/html");
    if (!html || html.includes("data-pm-slice")) {
      if (!html && event.clipboardData?.files.length) {
        this.say("图片不能直接粘贴：请点“图片”，从资料库选，或者当场上传。");
        return true;
      }
      return false;
    }
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    this.say("正在整理粘贴的内容……");
    this.cleaned(html.replace(/(\ssrc\s*=\s*)(["']?)data:[^"'\s>]*\2/gi, "$1$2$2")).then(
      ({ html: clean, notices }) => {
        this.editor.chain().focus().insertContent(clean).run();
        this.say(notices.join("") || "已粘贴，格式已经整理。");
      },
      (error) => {
        if (error.reason) return this.say(error.reason);
        this.editor.chain().focus().insertContent(text.split(/\n+/).filter(Boolean).map(
          (line) => ({ type: "paragraph", content: [{ type: "text", text: line }] }))).run();
        this.say("没有连上服务器，只粘贴了文字，格式没有带过来。");
      },
    );
    return true;
  }

  async cleaned(html) {
    const body = new FormData();
    body.append("html", html);
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(this.box.dataset.paste, {
      method: "POST", body, headers: { "X-CSRFToken": token },
    });
    if (response.status === 413) throw { reason: "内容太大，没有粘贴。请分几次复制，或者把文件作为附件。" };
    if (response.status === 401) throw { reason: "登录已经过期，没有粘贴。请在新窗口登录，再粘贴一次；这里写的都还在。" };
    const answer = await response.json();
    if (!response.ok) throw answer;
    return answer;
  }

  open(...children) {
    this.panel.replaceChildren(...children);
    this.panel.hidden = false;
    this.panel.querySelector("input, button, select")?.focus();
  }

  close() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.editor.commands.focus();
  }

  askLink() {
    const address = make("input", { type: "text", id: `${this.plain.id}-link`, maxlength: 1000 });
    address.value = this.editor.getAttributes("link").href ?? "";
    const wrong = make("p", { class: "error", role: "alert" });
    const set = () => {
      const href = address.value.trim();
      if (!/^(https?:\/\/[^/\s]|\/(?!\/)|mailto:|tel:)/.test(href)) {
        wrong.textContent = "请写完整的网址（https://……），或者以 / 开头的站内地址。";
        return;
      }
      if (this.editor.state.selection.empty && !this.editor.isActive("link")) {
        this.editor.chain().focus().insertContent({
          type: "text", text: href, marks: [{ type: "link", attrs: { href } }],
        }).run();
      } else this.editor.chain().focus().extendMarkRange("link").setLink({ href }).run();
      this.close();
    };
    address.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); set(); }
      if (event.key === "Escape") this.close();
    });
    const remove = () => { this.editor.chain().focus().extendMarkRange("link").unsetLink().run(); this.close(); };
    this.open(
      make("label", { for: address.id, text: "链接到" }), address, wrong,
      make("p", { class: "do" },
        make("button", { type: "button", class: "btn", text: "加上链接", onclick: set }),
        ...(this.editor.isActive("link") ? [make("button", { type: "button", class: "btn quiet", text: "去掉链接", onclick: remove })] : []),
        make("button", { type: "button", class: "btn quiet", text: "不加了", onclick: () => this.close() })),
    );
  }

  // 资料库的选图：展开它自己的一块，选定以后它换成“选中的一份”，从里面取编号和小图。
  askPicture() {
    const place = make("div", { class: "chooser-panel" });
    const chooser = make("div", { class: "chooser" }, place);
    this.open(chooser);
    const watch = new MutationObserver(() => {
      const chosen = this.panel.querySelector(".chooser > input[type=hidden]");
      if (!chosen) return;
      watch.disconnect();
      const image = this.panel.querySelector(".chosen img");
      if (chosen.value && image) {
        this.editor.chain().focus().insertContent({
          type: "picture", attrs: { file: chosen.value, src: image.getAttribute("src"), alt: image.alt },
        }).run();
      }
      this.close();
    });
    watch.observe(this.panel, { childList: true, subtree: true });
    window.htmx.ajax("GET", this.box.dataset.pictures, { target: place, swap: "innerHTML" });
  }
}

for (const box of document.querySelectorAll("[data-richtext]")) new Room(box);
