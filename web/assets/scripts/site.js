// Small aids that every page works without.
(function () {
  "use strict";

  // Finding within a long list of check boxes: hides what does not match, keeps what is ticked.
  document.querySelectorAll("[data-find-in]").forEach(function (box) {
    var list = document.getElementById(box.getAttribute("data-find-in"));
    var said = document.getElementById(box.getAttribute("data-find-said"));
    if (!list) return;
    box.parentElement.hidden = false;
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      var shown = 0;
      list.querySelectorAll(".govuk-checkboxes__item").forEach(function (item) {
        var ticked = item.querySelector("input").checked;
        var fits = !wanted || item.textContent.toLowerCase().indexOf(wanted) !== -1;
        item.hidden = !(fits || ticked);
        if (!item.hidden) shown += 1;
      });
      if (said) said.textContent = shown + (shown === 1 ? " choice" : " choices") + " shown";
    });
    box.addEventListener("keydown", function (event) {
      // Enter here narrows the list; it must not send the form half filled in.
      if (event.key === "Enter") event.preventDefault();
    });
  });

  // What was just done, or what is wrong, is where reading goes on.
  var told = document.querySelector("[data-focus]");
  if (told) told.focus({ preventScroll: true });

  // The clock of a broad search goes on while the page stands open; it says a word each minute.
  var clock = document.querySelector("[data-clock]");
  if (clock) {
    var begun = Date.now() - 1000 * Number(clock.getAttribute("data-clock"));
    var limit = Number(clock.getAttribute("data-limit"));
    var shown = clock.textContent;
    window.setInterval(function () {
      var spent = Math.floor((Date.now() - begun) / 60000);
      var left = Math.ceil(limit / 60 - (Date.now() - begun) / 60000);
      var text = spent + (spent === 1 ? " minute" : " minutes") + " of " + Math.round(limit / 60) + (limit === 60 ? " minute" : " minutes");
      if (left <= 0) text += ". Your time limit is up. Stop, or go on if it is worth it.";
      else if (left * 5 <= limit / 60) text += ". Nearly up: " + left + (left === 1 ? " minute" : " minutes") + " left.";
      if (text !== shown) {
        shown = text;
        clock.textContent = text;
      }
    }, 5000);
  }

  // How many words a field holds, told while typing.
  document.querySelectorAll("[data-words-of]").forEach(function (told) {
    var box = document.getElementById(told.getAttribute("data-words-of"));
    var limit = Number(told.getAttribute("data-limit"));
    if (!box) return;
    function count() {
      var words = (box.value.match(/\S+/g) || []).length;
      told.textContent = words + " of at most " + limit + " words";
      told.classList.toggle("sp-words--over", words > limit);
    }
    box.addEventListener("input", count);
    count();
  });

  // A page of an entry saves itself a moment after typing stops; its buttons work all the same.
  var form = document.querySelector("form[data-autosave]");
  if (form && window.fetch && window.URLSearchParams) {
    var saidSo = form.querySelector("[data-autosave-said]");
    var waiting = null;
    var busy = false;
    var left = false;
    var pressed = null;
    var save = function (leaving) {
      window.clearTimeout(waiting);
      waiting = null;
      if (left) return;
      if (busy) {
        waiting = window.setTimeout(save, 500);
        return;
      }
      busy = true;
      var sent = new URLSearchParams(new FormData(form));
      sent.delete("complete");
      sent.set("then", "autosave");
      window.fetch(form.action, { method: "POST", body: sent, credentials: "same-origin", redirect: "error", keepalive: leaving === true })
        .then(function (answer) {
          if (answer.status !== 200 && answer.status !== 409) throw new Error();
          return answer.json();
        })
        .then(function (told) {
          if (told.clash.length) {
            saidSo.textContent = "Changed meanwhile by somebody else, or in another window: " + told.clash.join(", ") + ". Save to see both.";
            return;
          }
          form.querySelector("input[name=base]").value = told.base;
          saidSo.textContent = "Saved " + told.saved;
        })
        .catch(function () {
          saidSo.textContent = "Not saved yet. Use the button below; what you wrote is still here.";
        })
        .then(function () {
          busy = false;
          if (pressed) form.requestSubmit(pressed);
        });
    };
    form.addEventListener("input", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(save, 2500);
    });
    form.addEventListener("submit", function (event) {
      window.clearTimeout(waiting);
      waiting = null;
      if (busy && !pressed && event.submitter && form.requestSubmit) {
        // The answer under way says what is saved by now; without it one's own words would clash.
        pressed = event.submitter;
        event.preventDefault();
        return;
      }
      pressed = null;
      left = true;
    });
    // Who goes to another page or closes the window right after typing loses nothing.
    document.addEventListener("visibilitychange", function () {
      if (waiting && document.visibilityState === "hidden") save(true);
    });
  }

  // A file that is too large is told before it is sent.
  document.querySelectorAll("input[data-most-bytes]").forEach(function (box) {
    box.addEventListener("change", function () {
      var file = box.files && box.files[0];
      var most = Number(box.getAttribute("data-most-bytes"));
      box.setCustomValidity(file && file.size > most ? "This file is larger than " + most / 1000000 + " MB." : "");
      box.reportValidity();
    });
  });

  // Back from another page, boxes say what the address says, not what was ticked and never sent.
  window.addEventListener("pageshow", function (event) {
    var sent = event.persisted && document.querySelector("form[data-as-sent]");
    if (!sent) return;
    sent.reset();
    sent.querySelectorAll("[data-find-in]").forEach(function (box) {
      box.dispatchEvent(new Event("input"));
    });
  });

  // Filters start folded away on small screens, open where there is room beside the results.
  var fold = document.querySelector("[data-fold-on-small]");
  if (fold && window.matchMedia("(max-width: 48.0525em)").matches) fold.open = false;
})();
