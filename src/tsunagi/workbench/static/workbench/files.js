/* Files go to the server as soon as they are chosen, one after the other, with their progress; the page's form never
   carries them twice. Without this script the form itself carries them. */
(function () {
  "use strict";
  if (window.tsunagiFiles) return;
  window.tsunagiFiles = true;
  var SIGNED_OUT = "サインインが切れました。別の画面でサインインしてから、もう一度選んでください。書いた文は残っています。";
  var FAILED = "送れませんでした。通信を確かめて、もう一度選んでください。書いた文は残っています。";

  function placeOf(input) {
    var field = input.closest("[data-files]"), form = input.closest("[data-files-bring]");
    if (field) return { field: field, form: input.form, url: field.dataset.url, list: field.querySelector("[data-files-list]"), box: field };
    if (form) return { form: form, url: form.action, list: form.closest("[data-files-card]").querySelector("[data-files-list]"), box: form };
    return null;
  }

  function State(place, input) {
    this.place = place;
    this.input = input;
    this.waiting = [];
    this.busy = null;
    this.submitter = undefined;
    this.box = place.box.querySelector("[data-files-progress]");
  }
  var states = new Map();
  function stateOf(input) {
    if (!states.has(input)) states.set(input, new State(placeOf(input), input));
    return states.get(input);
  }

  State.prototype.say = function (words) {
    var line = document.createElement("p");
    line.className = "alert alert-error";
    line.setAttribute("role", "alert");
    line.textContent = words;
    this.box.hidden = false;
    this.box.append(line);
  };
  State.prototype.chosen = function (files) {
    var most = Number(this.place.box.dataset.most), words = this.place.box.dataset.mostWords;
    this.box.replaceChildren();
    this.box.hidden = true;
    files.forEach(function (file) {
      if (file.size > most) this.say(file.name + ": 大きすぎます。ひとつ" + words + "までです。必要なページだけにするか、画像を小さくしてください。");
      else this.waiting.push(file);
    }, this);
    this.next();
  };
  State.prototype.next = function () {
    if (this.busy) return;
    var file = this.waiting.shift();
    if (!file) { this.finished(); return; }
    this.send(file);
  };
  State.prototype.send = function (file) {
    var me = this, line = document.createElement("p"), bar = document.createElement("progress"), stop = document.createElement("button");
    line.className = "files-field__line";
    line.textContent = file.name + " を送っています ";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name + " の送信");
    stop.type = "button";
    stop.className = "button button--small button--quiet";
    stop.textContent = "止める";
    line.append(bar, stop);
    this.box.hidden = false;
    this.box.append(line);
    var body = new FormData();
    ["draft_kind", "draft_title", "draft_link", "draft_subject"].forEach(function (name) {
      var hidden = me.place.form.querySelector('input[name="' + name + '"]');
      if (hidden && me.place.field) body.append(name, hidden.value);
    });
    body.append("files", file, file.name);
    var ask = this.busy = new XMLHttpRequest();
    ask.open("POST", this.place.url);
    ask.setRequestHeader("X-CSRFToken", window.tsunagi.token());
    ask.setRequestHeader("X-Files", "1");
    ask.setRequestHeader("HX-Request", "true");
    ask.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) bar.value = Math.round(100 * event.loaded / event.total);
    });
    stop.addEventListener("click", function () { ask.abort(); });
    function over(words) {
      line.remove();
      if (!me.box.childElementCount) me.box.hidden = true;
      if (words) me.say(file.name + ": " + words);
    }
    ask.addEventListener("loadend", function () { me.busy = null; me.next(); });
    ask.addEventListener("load", function () {
      if (ask.status === 200 || ask.status === 422) {
        me.place.list.innerHTML = ask.responseText;
        over("");
        // What was said of this file stays while the next ones come.
        me.place.list.querySelectorAll("[role=alert]").forEach(function (told) { me.box.hidden = false; me.box.append(told); });
      }
      else if (ask.status === 401 || ask.status === 403) over(SIGNED_OUT);
      else over(FAILED);
    });
    ask.addEventListener("error", function () { over(FAILED); });
    ask.addEventListener("abort", function () { over("止めました。"); });
    ask.send(body);
  };
  State.prototype.finished = function () {
    // Somebody pressed the form's button while files were on their way: now it may go.
    var pressed = this.submitter;
    this.submitter = undefined;
    if (pressed !== undefined && !this.box.querySelector("[role=alert]")) this.place.form.requestSubmit(pressed || undefined);
  };

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches('input[type="file"]') || !placeOf(input)) return;
    var files = Array.from(input.files);
    input.value = "";
    stateOf(input).chosen(files);
  });
  document.addEventListener("submit", function (event) {
    states.forEach(function (state) {
      if (state.place.form === event.target && (state.busy || state.waiting.length)) {
        event.preventDefault();
        event.stopPropagation();
        state.submitter = event.submitter;
      }
    });
  }, true);
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-drops-file]");
    if (!button) return;
    event.preventDefault();
    var field = button.closest("[data-files]"), list = field.querySelector("[data-files-list]");
    fetch(button.dataset.dropsFile, {
      method: "POST", credentials: "same-origin", cache: "no-store",
      headers: { "X-CSRFToken": window.tsunagi.token(), "X-Files": "1", "HX-Request": "true" }
    }).then(function (answer) {
      if (!answer.ok) throw new Error();
      return answer.text();
    }).then(function (text) {
      list.innerHTML = text;
      field.querySelector('input[type="file"]').focus();
    }).catch(function () { stateOf(field.querySelector('input[type="file"]')).say(FAILED); });
  });
  window.addEventListener("beforeunload", function (event) {
    var sending = false;
    states.forEach(function (state) { if (state.busy) sending = true; });
    if (sending) { event.preventDefault(); event.returnValue = ""; }
  });
})();
