// 搜索框边写边提示。没有它，照样可以搜；取不到提示，就当没有提示。
addEventListener("DOMContentLoaded", () => {
  "use strict";
  const PAUSE = 150;
  let lists = 0;
  for (const form of document.querySelectorAll("form.find")) {
    const box = form.querySelector("input[name=q]");
    if (box) attach(form, box);
  }

  function attach(form, box) {
    const list = document.createElement("ul");
    const told = document.createElement("span");
    list.id = `suggestions-${++lists}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "提示");
    told.className = "unseen";
    told.setAttribute("role", "status");
    // 要写时才在页面里：没有人写的页面，与源文件一模一样
    box.addEventListener("focus", () => form.append(list, told));
    box.autocomplete = "off";
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", list.id);

    let timer = 0;
    let asking = new AbortController();
    let active = -1;

    const close = () => {
      clearTimeout(timer);
      asking.abort();
      list.hidden = true;
      list.replaceChildren();
      point(-1);
      box.setAttribute("aria-expanded", "false");
      told.textContent = "";
    };
    const point = (at) => {
      active = at;
      [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
      const option = list.children[at];
      if (option) {
        box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    const show = (suggestions) => {
      list.replaceChildren(...suggestions.map((each, n) => {
        const option = document.createElement("li");
        const text = document.createElement("span");
        const kind = document.createElement("small");
        option.id = `${list.id}-${n}`;
        option.setAttribute("role", "option");
        option.dataset.href = each.href;
        text.textContent = each.text;
        kind.textContent = each.kind;
        option.append(text, kind);
        return option;
      }));
      point(-1);
      list.hidden = !suggestions.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
      told.textContent = suggestions.length ? `有 ${suggestions.length} 条提示，按上下键选` : "";
    };
    const ask = async () => {
      const data = new URLSearchParams({ q: box.value });
      const site = form.elements.namedItem("site");
      if (site) data.set("site", site.value);
      asking.abort();
      const mine = asking = new AbortController();
      try {
        const answer = await fetch(new URL(`suggest?${data}`, form.action), { signal: mine.signal });
        const found = answer.ok ? (await answer.json()).suggestions : [];
        if (asking === mine && !mine.signal.aborted && document.activeElement === box) show(found);
      } catch { if (asking === mine) close(); }
    };

    box.addEventListener("input", (event) => {
      clearTimeout(timer);
      if (event.isComposing) return;
      if (box.value.trim().length < 2) close();
      else timer = setTimeout(ask, PAUSE);
    });
    // 拼音写完上屏，有的浏览器不再报 input
    box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input")));
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      const count = list.children.length;
      if (event.key === "ArrowDown") point(active + 1 < count ? active + 1 : -1);
      else if (event.key === "ArrowUp") point(active < 0 ? count - 1 : active - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.href);
      else return;
      event.preventDefault();
    });
    box.addEventListener("blur", () => {
      close();
      list.remove();
      told.remove();
    });
    form.addEventListener("submit", close);
    // 按下时不让搜索框失去焦点，否则还没点到就收起来了
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.href);
    });
  }
});
