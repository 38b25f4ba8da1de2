// Copies the command beside a button; one listener, for pages whose content is replaced.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  const label = button.getAttribute("aria-label");
  button.textContent = "Copied";
  button.setAttribute("aria-label", "Copied");
  setTimeout(() => { button.textContent = "Copy"; button.setAttribute("aria-label", label); }, 1500);
});
// Figures fit the paper.
addEventListener("beforeprint", () => {
  for (const plot of document.querySelectorAll(".js-plotly-plot")) Plotly.relayout(plot, {width: 680});
});
addEventListener("afterprint", () => {
  for (const plot of document.querySelectorAll(".js-plotly-plot")) Plotly.relayout(plot, {width: null, autosize: true});
});
