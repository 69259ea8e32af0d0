// 通行密钥：取题目，请浏览器验本人，把答案填进表单照常提交。用不了的浏览器看不到这些按钮。
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0)).buffer;
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const made = async (options) => {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed(options.excludeCredentials);
    const key = await navigator.credentials.create({ publicKey: options });
    return {
      id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {},
      response: {
        clientDataJSON: text(key.response.clientDataJSON),
        attestationObject: text(key.response.attestationObject),
        transports: key.response.getTransports ? key.response.getTransports() : [],
      },
    };
  };
  const shown = async (options) => {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = listed(options.allowCredentials);
    const key = await navigator.credentials.get({ publicKey: options });
    const handle = key.response.userHandle;
    return {
      id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {},
      response: {
        clientDataJSON: text(key.response.clientDataJSON),
        authenticatorData: text(key.response.authenticatorData),
        signature: text(key.response.signature),
        userHandle: handle && handle.byteLength ? text(handle) : null,
      },
    };
  };
  const WHY = {
    NotAllowedError: "没有验成：取消了，或者等得太久。请再点一次。",
    InvalidStateError: "这一个设过了，不用再设。",
    SecurityError: "这个网址用不了通行密钥，请换单位公布的网址。",
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const told = form.querySelector("[data-told]");
    form.hidden = false;
    form.closest(".passkey-way")?.removeAttribute("hidden");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      told.textContent = "请照设备的提示，用指纹、面容或开机密码验证。";
      try {
        const answer = await fetch(form.dataset.ask, { method: "POST", body: new FormData(form) });
        if (!answer.ok || answer.redirected) {
          location.reload();
          return;
        }
        const options = await answer.json();
        const credential = await (form.dataset.passkey === "new" ? made : shown)(options);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch (error) {
        told.textContent = WHY[error.name] || "没有验成。请再试一次，或者换一种方式。";
        button.disabled = false;
      }
    });
  }
})();
