"""The report's table of students by checks: right, sortable, and the same for a spreadsheet."""

import csv
import re

import pytest
from test_report import page, root

from tests import browser
from tests.grading import samples
from tests.grading.samples import NAME

pytestmark = pytest.mark.xdist_group("feedback")
__all__ = ["page", "root"]  # fixtures


def test_students_by_checks(root, page):
    body = page.split('<table class="grid sort">')[1].split("</table>")[0]
    heads = re.findall(r"<button[^>]*>([^<]+)<", body)
    assert heads[:6] == ["Student", "Points", "Late", "Flags", "Restarts", "Time"]
    assert heads[6:] == list(samples.points()), "in the notebook's order"
    rows = {r.split(">")[1].split("<")[0].strip(): re.findall(r"<td[^>]*>(.*?)</td>", r)
            for r in body.split("<tr>")[2:]}  # fmt: skip
    assert len(rows) == 30
    column = {name: 6 + n for n, name in enumerate(samples.points())}
    assert rows["a00"][column["fit-hidden"]] == "2"
    assert rows["b00"][column["gradient-hidden"]] == "0"
    assert rows["c00"][column["fit-hidden"]] == "!"
    assert rows["d00"][column["fit-hidden"]] == rows["d01"][column["fit-check"]] == "–"


def test_the_same_as_csv(root, page):
    with open(root / "reports" / f"{NAME}.csv") as file:
        found = {row["student"]: row for row in csv.DictReader(file)}
    assert len(found) == 30
    for name, worth in samples.points().items():
        assert float(found["a00"][name]) == worth
        assert found["d00"][name] == "0"
    assert found["b00"]["points"] == "30"
    assert found["d03"]["hours late"] == "30"
    assert found["d03"]["taken off"] == "1"
    assert found["d02 <b>"]["flags"] == "30"
    assert found["d01"]["ungradable"].startswith("no notebook")
    assert found["a00"]["name"] == "Ada <i>Lovelace</i>"


def test_headings_sort_and_names_of_checks_are_not_broken(root, page, window):
    column = """name => [...document.querySelectorAll('table.sort tbody tr')].map(row => row.cells[
        [...document.querySelectorAll('table.sort thead th')].findIndex(
          head => head.textContent === name)].textContent.trim())"""
    broken = """() => [...document.querySelectorAll('code.name, .turned button')].filter(
        e => e.offsetParent && e.firstChild.length > 1).filter(e => {
          const range = document.createRange();
          range.selectNodeContents(e);
          const turned = e.closest('.turned');
          return new Set([...range.getClientRects()].map(r => turned ? r.left : r.top)).size > 1;
        }).map(e => e.textContent)"""

    def look(browser_, base):
        found = {}
        with browser.new_page(browser_) as shown:
            shown.goto(f"{base}reports/{NAME}.html")
            for width in (1280, 700, 375):
                shown.set_viewport_size({"width": width, "height": 900})
                found[width] = shown.evaluate(broken)
            for name in ("Points", "Points", "gradient-hidden", "Student"):
                shown.get_by_role("button", name=name, exact=True).click()
                found.setdefault(name, []).append(shown.evaluate(column, name))
        return found

    with browser.served(root) as base:
        found = window(look, base)
    assert found[1280] == found[700] == found[375] == []
    up, down = ([float(n) for n in order] for order in found["Points"])
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert up[0] < down[0]
    assert found["Student"][0] == sorted(found["Student"][0])
    assert found["gradient-hidden"][0][-1] == "2"
