/* 没有它，页面一样能用。它只做三件小事：记住大字、显出打印键、收起手机上的字段表。 */
(() => {
  "use strict";
  const elder = document.getElementById("elder");
  const remember = (on) => { try { localStorage.setItem("elder", on ? "1" : ""); } catch { /* 隐私模式下不记 */ } };
  const remembered = () => { try { return localStorage.getItem("elder") === "1"; } catch { return false; } };
  if (elder) {
    elder.checked = remembered();
    elder.addEventListener("change", () => remember(elder.checked));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details) { details.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
})();
