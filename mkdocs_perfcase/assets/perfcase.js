/* mkdocs-perfcase: tables that sort, and the index that filters. Without it, both are complete static tables. */
(() => {
  "use strict";

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }
  /* A column's values: numbers where all that are given are numbers, else text; what is empty comes last. */
  function sorted(rows, column, descending) {
    const keys = new Map();
    let numeric = true;
    for (const row of rows) {
      const cell = row.cells[column];
      const value = cell.dataset.sort ?? cell.textContent.trim();
      keys.set(row, value);
      if (value !== "" && Number.isNaN(Number(value))) numeric = false;
    }
    const compare = numeric
      ? (a, b) => Number(a) - Number(b)
      : new Intl.Collator(document.documentElement.lang || undefined, { numeric: true }).compare;
    return [...rows].sort((one, other) => {
      const a = keys.get(one), b = keys.get(other);
      if (a === "" || b === "") return (a === "") - (b === "");
      return descending ? compare(b, a) : compare(a, b);
    });
  }

  function makeSortable(table, changed) {
    const body = table.tBodies[0];
    const headers = [...table.tHead.rows[0].cells];

    function sort(header, descending) {
      for (const other of headers) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      body.append(...sorted(body.rows, header.cellIndex, descending));
    }

    for (const header of headers.filter((one) => one.dataset.key)) {
      const button = element("button", { type: "button", className: "perfcase-sort" }, ...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const now = header.getAttribute("aria-sort");
        const descending = now ? now === "ascending" : header.dataset.first === "desc";
        sort(header, descending);
        changed(`${descending ? "-" : ""}${header.dataset.key}`);
      });
    }
    return (order) => {
      const header = headers.find((one) => one.dataset.key === order.replace(/^-/, ""));
      if (header) sort(header, order.startsWith("-"));
    };
  }

  /* The form is made here: without this script it would be of no use, and its words would be found by the search. */
  function fillForm(form, filters, words) {
    const text = element("input", { type: "search", name: "text", autocomplete: "off" });
    form.append(element("label", {}, words.text, text));
    const selects = filters.map(([name, label, values]) => {
      const options = values.map((value) => element("option", { value }, value));
      const select = element("select", { name }, element("option", { value: "" }, words.any), ...options);
      if (values.length > 1) form.append(element("label", {}, label, select));
      return select;
    });
    const output = element("output", { ariaLive: "polite" });
    form.append(element("button", { type: "reset" }, words.clear), output);
    return { text, selects, output };
  }

  function makeFilterable(table, form) {
    const words = JSON.parse(form.dataset.words);
    const { text, selects, output } = fillForm(form, JSON.parse(form.dataset.filters), words);
    const original = [...table.tBodies[0].rows];
    const rows = original.map((row) => ({
      row,
      text: row.textContent.toLowerCase(),
      places: selects.map(({ name }) => ` ${row.dataset[name] ?? ""} `),
    }));
    let order = "";

    function apply() {
      const sought = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = selects.map((select) => (select.value ? ` ${select.selectedIndex - 1} ` : ""));
      let shown = 0;
      for (const { row, text, places } of rows) {
        const fits = wanted.every((place, n) => places[n].includes(place)) && sought.every((word) => text.includes(word));
        if (row.hidden === fits) row.hidden = !fits; // what changes nothing still costs time
        shown += fits;
      }
      output.textContent = words.shown.replace("{shown}", shown).replace("{all}", rows.length);
    }

    /* The address keeps what is shown, so that it can be shared; other parameters stay as they are. */
    function remember() {
      const address = new URL(location.href);
      const state = [["text", text.value.trim()], ...selects.map(({ name, value }) => [name, value]), ["sort", order]];
      for (const [name, value] of state) {
        if (value) address.searchParams.set(name, value);
        else address.searchParams.delete(name);
      }
      try {
        history.replaceState(history.state, "", address);
      } catch { /* a browser that keeps the addresses of local files as they are */ }
    }

    const sortBy = makeSortable(table, (by) => { order = by; remember(); });
    const given = new URLSearchParams(location.search);
    text.value = given.get("text") ?? "";
    for (const select of selects) {
      const value = given.get(select.name);
      if ([...select.options].some((option) => option.value === value)) select.value = value;
    }
    order = given.get("sort") ?? "";
    sortBy(order);
    apply();

    form.addEventListener("input", () => { apply(); remember(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      order = "";
      for (const header of table.tHead.rows[0].cells) header.removeAttribute("aria-sort");
      table.tBodies[0].append(...original);
      setTimeout(() => { apply(); remember(); });
    });
    form.hidden = false;
  }

  /* A table written in Markdown has no attributes of its own: what it sorts by stands within its cells. */
  for (const mark of document.querySelectorAll(":is(th, td) > :is([data-key], [data-sort])")) {
    Object.assign(mark.parentElement.dataset, mark.dataset);
    mark.closest("table").dataset.perfcase = "";
    mark.replaceWith(...mark.childNodes);
  }

  for (const table of document.querySelectorAll("table[data-perfcase]")) {
    const kind = table.dataset.perfcase;
    table.removeAttribute("data-perfcase"); // once: themes may run the script again when they swap contents
    const form = kind === "filter" ? table.closest(".perfcase-index").querySelector(".perfcase-filter") : null;
    if (form) makeFilterable(table, form);
    else makeSortable(table, () => {});
  }
})();
