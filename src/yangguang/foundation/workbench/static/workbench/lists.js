// 列表：一页全选，说明选了几条；浮出的小窗点别处、按 Esc 就收起。
(() => {
  "use strict";
  const count = (form) => {
    const boxes = [...form.querySelectorAll("tbody input[name=pk]")];
    const chosen = boxes.filter((box) => box.checked).length;
    form.querySelector("[data-bulk-count]").textContent = chosen ? `选中的 ${chosen} 条：` : "选中的：";
    const all = form.querySelector("[data-pick-all] input");
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };

  const dress = () => {
    for (const form of document.querySelectorAll("form[data-bulk]")) {
      const head = form.querySelector("[data-pick-all]");
      if (head.querySelector("input")) continue;
      head.classList.add("pick");
      head.innerHTML = '<label><input type="checkbox"><span class="unseen">这一页全选</span></label>';
      head.querySelector("input").addEventListener("change", (event) => {
        form.querySelectorAll("tbody input[name=pk]").forEach((box) => { box.checked = event.target.checked; });
      });
      form.addEventListener("change", () => count(form));
      count(form);
    }
  };
  dress();
  document.addEventListener("htmx:afterSwap", dress);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-bulk]").forEach(count));

  const folds = () => document.querySelectorAll("details.drop[open]");
  document.addEventListener("click", (event) => {
    folds().forEach((fold) => { if (!fold.contains(event.target)) fold.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    folds().forEach((fold) => {
      fold.open = false;
      fold.querySelector("summary").focus();
    });
  });
})();
