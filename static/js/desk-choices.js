// Names the fields that complete as one types: the library that draws them leaves them
// without a name for who cannot see the label beside them.

const column = (select) => {
  const cell = select.closest("td");
  return cell?.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
};

const name = () => {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = select.labels?.[0] ?? column(select);
    const drawn = select.nextElementSibling;
    if (!label || !drawn?.classList.contains("select2")) continue;
    label.id ||= `${select.id}-name`;
    const shown = drawn.querySelector(".select2-selection__rendered");
    const value = shown?.id ? ` ${shown.id}` : "";
    drawn
      .querySelector("[role=combobox]")
      ?.setAttribute("aria-labelledby", label.id + value);
    for (const field of drawn.querySelectorAll("[role=textbox], .select2-search__field"))
      field.setAttribute("aria-labelledby", label.id);
  }
};

// After the library's own beginning, which waits for its jQuery.
window.django?.jQuery?.(name);
document.addEventListener("formset:added", () => setTimeout(name));
