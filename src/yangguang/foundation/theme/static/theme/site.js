// 没有它，页面一样能用。它只做三件小事：记住大字、显出打印键、点到折起的一项时把它展开。
(() => {
  "use strict";
  const root = document.documentElement;
  const remember = (on) => { try { localStorage.setItem("elder", on ? "1" : ""); } catch { /* 隐私模式下不记 */ } };
  const remembered = () => { try { return localStorage.getItem("elder") === "1"; } catch { return false; } };
  // 画第一笔之前就定下字号，页面不会先小后大。
  if (remembered()) root.setAttribute("data-elder", "");
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details) { details.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", () => {
    const elder = document.getElementById("elder");
    if (elder) {
      elder.checked = remembered();
      elder.addEventListener("change", () => remember(elder.checked));
    }
    root.removeAttribute("data-elder");
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
    reveal();
  });
})();
