// A block that scrolls sideways can be reached by keyboard. The theme sees to that when a page
// loads; this does for blocks that are folded away until later.
const reach = new ResizeObserver((blocks) => {
  for (const { target } of blocks)
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
});
addEventListener("load", () => document.querySelectorAll("pre").forEach((p) => reach.observe(p)));
