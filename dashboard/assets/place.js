// Write the HTML that the server sent as text into its place: tables of a thousand cells are too many for Dash's own drawing.
(function () {
  "use strict";
  function place(element) {
    element.innerHTML = element.dataset.html;
  }
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
