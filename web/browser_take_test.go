package web

import (
	"strings"
	"testing"

	"github.com/sightline-go/sightline/internal/browsertest"
)

func taken() Export {
	t := Taken{
		L: english(), Title: "My team", Head: []string{"Person", "Open"},
		Rows: [][]TakenCell{
			{{Text: "=1+1", Copied: "'=1+1"}, {Text: "5", Copied: "5", Number: true}},
			{{Text: "two\n\"lines\"", Copied: "two\n\"lines\""}, {Text: "-3", Copied: "-3", Number: true}},
		},
	}
	return Export{
		L: english(), Title: "My team", Moment: "1 Mar 2026", Formats: []Option{{"point", "1.5", true}, {"comma", "1,5", false}},
		URL: "/call/table?x=1", File: "/call/csv?x=1", Name: "My team.csv", Taken: t,
	}
}

// quicker shortens long waits, and writes them down.
const quicker = `
window.waits = [];
const later = window.setTimeout;
window.setTimeout = (f, ms, ...more) => later(f, ms > 5000 ? (waits.push(ms), 20) : ms, ...more);`

// takeScenarios take a table along: as a file, on the clipboard, in another format.
func takeScenarios(t *testing.T) map[string]scenario {
	file := answer{status: 200, kind: "text/csv; charset=utf-8", body: "\ufeffPerson,Open\n'=1+1,5\n"}
	comma := taken().Taken
	comma.Rows[0][1] = TakenCell{Text: "5,5", Copied: "5,5", Number: true}
	return map[string]scenario{
		"a file, whose text can be copied too": {
			shell: gadget(ExportView(taken())), answers: []answer{file},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`window.saved = []; HTMLAnchorElement.prototype.click = function () { saved.push(this.download, this.href.split(":")[0]); }`)
				b.want(`document.querySelector("[data-text]").hidden`, "true")
				b.Click("#sl-file")
				b.Until(`!document.querySelector("[data-text]").hidden`)
				b.want(`saved.join()`, "My team.csv,blob")
				b.want(`JSON.stringify(document.querySelector("#sl-text").value)`, `"Person,Open\n'=1+1,5\n"`)
				b.want(says, english().Export.Made)
			},
			calls: []string{"GET /csv?x=1&format=point JWT session"},
		},
		"a file that fails": {
			shell: gadget(ExportView(taken())), answers: []answer{problem(403, "Not yours.")},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Click("#sl-file")
				b.Until(says + ` !== ""`)
				b.want(says, "Could not open this. Not yours.")
				b.want(`document.querySelector("[data-text]").hidden`, "true")
			},
			calls: []string{"GET /csv?x=1&format=point JWT session"},
		},
		"a copy, as a table and as text": {
			shell: gadget(ExportView(taken())),
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`window.put = {}; const set = DataTransfer.prototype.setData; DataTransfer.prototype.setData = function (type, text) { put[type] = text; return set.call(this, type, text); }`)
				b.Mouse("#sl-copy", nil)
				b.Until(says + ` !== ""`)
				b.want(says, english().Export.Copied)
				b.want(`JSON.stringify(put["text/plain"])`, `"Person\tOpen\r\n'=1+1\t5\r\n\"two\n\"\"lines\"\"\"\t-3"`)
				b.want(`put["text/html"]`, "<table><tbody><tr><td>Person</td><td>Open</td></tr><tr><td>'=1+1</td><td>5</td></tr><tr><td>two\n\"lines\"</td><td>-3</td></tr></tbody></table>")
			},
		},
		"numbers in another format": {
			shell: gadget(ExportView(taken())), answers: []answer{fragment(t, 200, TakenView(comma))},
			act: func(b *tab, _ *site) {
				b.Until(`window.edit`)
				b.Do(`const f = document.querySelector("#sl-format"); f.value = "comma"; f.dispatchEvent(new Event("input", { bubbles: true }))`)
				b.Until(`document.querySelector(".taken td.num").textContent === "5,5"`)
			},
			calls: []string{"GET /table?x=1&format=comma JWT session"},
		},
		"columns in another order": {
			shell: gadget(ConfigView(withColumns())), answers: []answer{fragment(t, 200, titled("Saved", false))},
			act: func(b *tab, s *site) {
				b.Until(`window.edit`)
				b.Click(".columns summary")
				b.Click(`[aria-label="Move Load up"]`)
				b.want(`[...document.querySelectorAll(".column-list input")].map((i) => i.value).join()`, "load,open")
				b.want(`document.activeElement.ariaLabel + document.activeElement.ariaDisabled`, "Move Load uptrue")
				b.want(`document.querySelector("[data-announce]").textContent`, "Load is now number 1 of 2.")
				b.Press(browsertest.KeyEnter) // it is at the top already
				b.want(`document.querySelector(".column-list input").value`, "load")
				b.Click("#sl-save")
				b.Until(isWorkload)
				if body := s.call(0).body; !strings.Contains(body, "columns=&columns=load&columns=open") {
					t.Errorf("saved %s", body)
				}
			},
			calls: []string{"POST /save JWT session"},
		},
		"a network that is away for long": {
			shell: gadget(titled("Old", true)), host: hostScript + quicker,
			answers: []answer{{status: 503}, {status: 503}, {status: 503}, {status: 503}, {status: 503}, {status: 503}, {status: 503}, fragment(t, 200, titled("Back", false))},
			act: func(b *tab, _ *site) {
				b.Until(`document.querySelector("[data-fragment]").dataset.title === "Back"`)
				b.want(`waits.length`, "7")
				b.want(`waits.every((ms, i) => { const most = Math.min(60 * 2 ** i, 900) * 1000; return ms >= most / 2 && ms <= most * 1.1; })`, "true")
				b.want(says, "")
			},
			calls: []string{
				"GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session",
				"GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session", "GET /view?x=1&fresh=1 JWT session",
			},
		},
	}
}

func withColumns() ConfigForm {
	f := form(FormGadget)
	f.Save = "/call/save"
	f.Columns = []Option{{"open", "Open", true}, {"load", "Load", true}}
	return f
}
