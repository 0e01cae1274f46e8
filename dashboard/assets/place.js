// Write the HTML that the server sent as text into its place: tables of a thousand cells are too many for Dash's own drawing.
(function () {
  "use strict";
  function place(element) {
    element.innerHTML = element.dataset.html;
    // Where a grid of years is wider than the screen, the latest years are what a reader looks for.
    element.querySelectorAll(".scroll:has(> .grid)").forEach(function (frame) {
      frame.scrollLeft = document.dir === "rtl" ? -frame.scrollWidth : frame.scrollWidth;
    });
  }
  // A table is asked for when it is unfolded; `line.js` asks again when the line drops.
  window.pembe = {
    table: function (twin) {
      if (!twin.dataset.twin) return Promise.resolve();
      var address = twin.dataset.twin;
      twin.removeAttribute("data-twin");
      return window.fetch(address).then(function (answer) { return answer.text(); }).then(function (html) {
        twin.querySelectorAll(":scope > :not(summary)").forEach(function (old) { old.remove(); });
        twin.insertAdjacentHTML("beforeend", html);
      });
    }
  };
  document.addEventListener("toggle", function (event) {
    if (event.target.matches("details.twin") && event.target.open) window.pembe.table(event.target);
  }, true);
  // A link to something folded unfolds it.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#s-']"), aim = link && document.getElementById(link.hash.slice(1));
    if (aim) aim.open = true;
  });
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      if (change.type === "attributes") {
        place(change.target);
        return;
      }
      change.addedNodes.forEach(function (node) {
        if (node.nodeType !== Node.ELEMENT_NODE) return;
        if (node.dataset.html) place(node);
        node.querySelectorAll("[data-html]").forEach(place);
      });
    });
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-html"] });
})();
