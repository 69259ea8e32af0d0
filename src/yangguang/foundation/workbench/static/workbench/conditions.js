// 收起现在用不着的填写项：data-when="甲=一,二&乙=三" 的意思是甲答了一或二、乙答了三才用得着。
// data-hides-empty 的一段，里面都收起了就整段收起。没有脚本的，都显示。
(() => {
  "use strict";
  const answer = (form, name) => {
    const field = form.elements[name];
    return field ? field.value : "";
  };
  const holds = (form, when) =>
    when.split("&").every((one) => {
      const [name, wanted] = one.split("=");
      return wanted.split(",").includes(answer(form, name));
    });
  const arrange = (form) => {
    form.querySelectorAll("[data-when]").forEach((part) => {
      part.hidden = !holds(form, part.dataset.when);
    });
    form.querySelectorAll("[data-hides-empty]").forEach((part) => {
      const fields = [...part.children].filter((each) => each.querySelector(".field"));
      part.hidden = fields.every((each) => each.hidden);
    });
  };
  document.querySelectorAll("form").forEach((form) => {
    if (!form.querySelector("[data-when]")) return;
    form.addEventListener("change", () => arrange(form));
    arrange(form);
  });
})();
