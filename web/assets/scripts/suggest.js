// Suggestions while somebody types in a search box; without this the box just searches.
(function () {
  "use strict";
  if (!window.accessibleAutocomplete || !window.fetch) return;

  function escaped(text) {
    var holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  }

  document.querySelectorAll("input[data-suggest]").forEach(function (box) {
    var form = box.form;
    var holder = document.createElement("div");
    holder.className = "autocomplete";
    box.parentElement.insertBefore(holder, box);
    box.remove();
    var waiting = 0;
    var held = null;
    // Whoever comes back from a suggestion finds the words that they had typed.
    var kept = (window.history.state || {}).typed || {};
    var asked = kept[box.id] || box.value;
    window.accessibleAutocomplete({
      element: holder,
      id: box.id,
      name: box.name,
      defaultValue: asked,
      inputClasses: "govuk-input",
      minLength: 2,
      confirmOnBlur: false,
      showNoOptionsFound: false,
      displayMenu: "overlay",
      source: function (typed, show) {
        window.clearTimeout(waiting);
        asked = typed;
        held = null;
        waiting = window.setTimeout(function () {
          fetch("/api/v1/suggest?q=" + encodeURIComponent(typed), { headers: { Accept: "application/json" } })
            .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
            .catch(function () { return { suggestions: [] }; })
            .then(function (data) {
              // An answer that came late must not replace that to what was typed since, nor the
              // list under somebody who goes through it: that waits until they are back in the box.
              if (typed !== asked) return;
              if (holder.querySelector("[role=option]:focus")) held = function () { show(data.suggestions); };
              else show(data.suggestions);
            });
        }, 120);
      },
      templates: {
        inputValue: function () { return asked; },
        suggestion: function (one) {
          if (!one.text) return escaped(String(one));
          var found = one.count === 1 ? "1 record" : one.count + " records";
          var told = one.kind === "title" ? one.label : one.label + ", " + found;
          return escaped(one.text) + ' <span class="sp-muted">– ' + escaped(told) + "</span>";
        }
      },
      onConfirm: function (one) {
        if (!one || !one.href) return;
        kept[box.id] = asked;
        window.history.replaceState({ typed: kept }, "");
        window.location.assign(one.href);
      }
    });
    var input = document.getElementById(box.id);
    input.setAttribute("type", "search");
    input.addEventListener("focus", function () {
      if (held) held();
      held = null;
    });
    // The list holds back Enter while it is open; what was typed and not chosen from it is searched for.
    holder.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === input) {
        event.stopPropagation();
        event.preventDefault();
        form.requestSubmit();
      }
      // Escape takes the open list away, and no more: not the words, nor the focus with the list.
      if (event.key === "Escape" && input.getAttribute("aria-expanded") === "true") {
        event.preventDefault();
        input.focus();
      }
    }, true);
  });
})();
