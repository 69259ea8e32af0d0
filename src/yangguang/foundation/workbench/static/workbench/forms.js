// 填表：提交之后按钮停用；没有办成时焦点移到缘由上。
(() => {
  "use strict";
  // 免得连点；服务端另有幂等键，连点也只办一次。
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((b) => { b.disabled = true; }), 0);
  });
  // 退回这一页时按钮要能再按。
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form button[type=submit]").forEach((b) => { b.disabled = false; });
  });
  // 读屏先读到缘由。
  document.getElementById("refusals")?.focus();
})();
