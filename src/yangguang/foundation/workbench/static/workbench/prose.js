// 文字块：几个键替人写下加粗、链接、列表的写法。没有脚本时照写法自己写。
(() => {
  "use strict";
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
})();
