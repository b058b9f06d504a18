// Taking a table along: as a file, on the clipboard, on paper.

// Gives the browser a file to save.
export function save(doc, blob, name) {
  const link = doc.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser has it by then
}

// Copies a table, as a table and as text, and returns whether that went well. Else
// the table is left selected. No frame has to be allowed to do this, unlike writing
// to navigator.clipboard.
export function copy(table) {
  const doc = table.ownerDocument;
  const selection = doc.getSelection();
  selection.selectAllChildren(table);
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.dataset.copied ?? cell.textContent.trim()));
  let copied = false;
  const fill = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData.setData("text/html", html(rows, doc));
    event.clipboardData.setData("text/plain", plain(rows));
    copied = true;
  };
  doc.addEventListener("copy", fill, { capture: true, once: true });
  copied = doc.execCommand("copy") && copied;
  doc.removeEventListener("copy", fill, { capture: true });
  if (copied) selection.removeAllRanges();
  return copied;
}

// Copies the text of a field, which is left selected, and returns whether that went well.
export function copyText(field) {
  field.select();
  return field.ownerDocument.execCommand("copy");
}

function html(rows, doc) {
  const table = doc.createElement("table");
  for (const row of rows) {
    const line = table.insertRow();
    for (const cell of row) line.insertCell().textContent = cell;
  }
  return table.outerHTML;
}

// Cells are separated by tabs; those with a tab, a quote or a line break are quoted.
function plain(rows) {
  const quoted = (cell) => (/["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}
