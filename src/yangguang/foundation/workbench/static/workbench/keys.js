// 键盘：/ 查找，j k 上下移动，Enter 打开，x 选中，? 看有哪些键。没有脚本时一切照样能办。
(() => {
  "use strict";
  const KEYS = [
    ["/", "到查找框"], ["j", "下一条"], ["k", "上一条"], ["Enter", "打开"],
    ["x", "选中、不选"], ["g", "回到今天要办"], ["?", "看这张表"],
  ];
  const rows = () => [...document.querySelectorAll(".records tbody tr, .todos tbody tr")];
  const writes = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  const here = () => document.activeElement?.closest("tr");

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const now = all.indexOf(here());
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, now + step));
    all[next].querySelector("a[href]")?.focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const help = () => {
    let box = document.getElementById("keys");
    if (!box) {
      box = document.createElement("dialog");
      box.id = "keys";
      box.setAttribute("aria-labelledby", "keys-title");
      const list = KEYS.map(([key, told]) => `<dt><kbd>${key === "Enter" ? "回车" : key}</kbd></dt><dd>${told}</dd>`).join("");
      box.innerHTML = `<h2 id="keys-title">键盘</h2><dl>${list}</dl><form method="dialog"><button class="btn quiet">知道了</button></form>`;
      document.body.append(box);
    }
    if (!box.open) box.showModal();
  };

  const acts = {
    "/": () => document.querySelector("[data-find]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: () => here()?.querySelector("input[type=checkbox]")?.click(),
    g: () => { location.href = document.querySelector("[data-home]").href; },
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches(writes) || document.querySelector("dialog[open]")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.querySelector("[data-keys]")?.addEventListener("click", help);
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
})();
