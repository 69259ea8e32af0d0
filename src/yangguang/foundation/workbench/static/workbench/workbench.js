// 键盘：/ 查找，j k 上下移动，Enter 打开。没有脚本时一切照样能办。
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll(".records tbody tr, .todos tbody tr")];
  const typing = (element) => element.matches("input, textarea, select, button, a, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "/") {
      const find = document.querySelector("[data-find]");
      if (find) { event.preventDefault(); find.focus(); }
    } else if (event.key === "j" || event.key === "k") {
      const all = rows();
      if (!all.length) return;
      const here = all.findIndex((row) => row.classList.contains("here"));
      const next = here < 0 ? 0 : Math.max(0, Math.min(all.length - 1, here + (event.key === "j" ? 1 : -1)));
      all.forEach((row) => row.classList.remove("here"));
      all[next].classList.add("here");
      all[next].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !typing(event.target)) {
      const link = document.querySelector("tr.here a");
      if (link) link.click();
    }
  });

  // 提交之后按钮停用，免得连点；服务端另有幂等键，连点也只办一次。
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((b) => { b.disabled = true; }), 0);
  });
  // 退回这一页时按钮要能再按。
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form button[type=submit]").forEach((b) => { b.disabled = false; });
  });

  // 文字块：几个键替人写下加粗、链接、列表的写法。没有脚本时照写法自己写。
  const write = (box, before, after, blank) => {
    const { selectionStart: start, selectionEnd: end, value } = box;
    const chosen = value.slice(start, end) || blank;
    box.setRangeText(before + chosen + after, start, end, "end");
    box.setSelectionRange(start + before.length, start + before.length + chosen.length);
    box.focus();
  };
  for (const box of document.querySelectorAll("textarea[data-prose]")) {
    const tools = document.createElement("div");
    tools.className = "prose-tools";
    for (const [label, ...how] of [["加粗", "**", "**", "要紧的话"], ["链接", "[", "](/)", "文字"], ["列表", "\n- ", "", "一项"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn quiet";
      button.textContent = label;
      button.addEventListener("click", () => write(box, ...how));
      tools.append(button);
    }
    box.before(tools);
  }

  // 没有办成时，焦点移到缘由上，读屏先读到它。
  document.getElementById("refusals")?.focus();
})();
