/* Passkeys and security keys: ask the browser's key, put its answer into the form, send the form. */
(function () {
  "use strict";

  function bytes(text) {
    var plain = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function letters(buffer) {
    if (!buffer) return null;
    var text = "";
    new Uint8Array(buffer).forEach(function (one) { text += String.fromCharCode(one); });
    return window.btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function ask(kind, asked) {
    var options = Object.assign({}, asked.publicKey, { challenge: bytes(asked.publicKey.challenge) });
    if (kind === "create") {
      options.user = Object.assign({}, options.user, { id: bytes(options.user.id) });
      options.excludeCredentials = known(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = known(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  }

  function told(found) {
    var answer = { clientDataJSON: letters(found.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (found.response[name]) answer[name] = letters(found.response[name]);
    });
    return {
      id: found.id, rawId: letters(found.rawId), type: found.type, response: answer,
      clientExtensionResults: found.getClientExtensionResults(),
      authenticatorAttachment: found.authenticatorAttachment
    };
  }

  document.querySelectorAll("form[data-key]").forEach(function (form) {
    var trouble = form.querySelector("[data-key-trouble]");
    function again() {
      delete form.dataset.sentAt;
      form.querySelectorAll(".waiting").forEach(function (button) { button.classList.remove("waiting"); });
      trouble.hidden = false;
      trouble.focus();
    }
    form.addEventListener("submit", function (event) {
      if (form.elements.answer.value) return;
      event.preventDefault();
      trouble.hidden = true;
      if (!window.PublicKeyCredential) { again(); return; }
      ask(form.dataset.key, JSON.parse(document.getElementById("key-options").textContent)).then(function (found) {
        form.elements.answer.value = JSON.stringify(told(found));
        form.submit(); // the press was counted already: a second event would be taken for a double click
      }).catch(again);
    });
  });
})();
