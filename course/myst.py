"""Makes of a chapter's MyST the plain Markdown that any notebook shows well.

MyST's own parser finds the blocks; what it leaves alone is kept as it is written. Dropdowns are
folded, included code stands in full, equations carry the numbers that they have in the book,
citations lead to the source. A notebook travels, to a hosted service or as a download: so each of
its links is a whole address. What there is no rule for is an error, not a guess.
"""

import ast
import functools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from pybtex.database import Entry, parse_string

from course.definitions import extent, find
from course.paths import ROOT, CourseError, config, published, repository

NAMED = {"attention", "caution", "hint", "important", "note", "seealso", "tip", "warning"}
UNSEEN = {"contents", "index", "tableofcontents"}
DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\} *(?P<title>.*)")
OPTIONS = re.compile(r"\n*(?:^:[\w-]+:.*\n?)*", re.M)
# A role, a piece of code that only looks like one, or where a link leads.
INLINE = re.compile(
    r"(?:\{(?P<role>[\w:-]+)\})?(?P<ticks>`+)(?!`)(?P<text>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<image>!\[[^\]]*)?\]\((?P<target>(?![a-z]+:|#)[^()\s]+)\)",
    re.S,
)


@dataclass
class Page:
    """A chapter as its text needs it: where it lies, and what it may refer to."""

    path: Path
    numbers: dict[str, str] = field(default_factory=dict)  # an equation's label to its number
    sources: dict[str, Entry] = field(default_factory=dict)  # of the bibliography, by key

    def wrong(self, problem: str) -> CourseError:
        return CourseError(f"{self.path.name}: {problem}")


def plain(text: str, page: Page) -> str:
    """The Markdown cell `text` of `page`, without anything that is MyST's alone."""
    text = expand_macros(text)
    text = text.replace("{repository}", repository()).replace("{published}", published())
    lines, shown, done = text.split("\n"), [], 0
    for token in parser().parse(text):
        if token.map is None or token.map[0] < done:  # it stands inside one that is done
            continue
        first, last = token.map
        if token.type in ("myst_target", "myst_line_comment"):
            new = ""
        elif token.type == "math_block_label":
            new = equation(token.content, token.info, page)
        elif token.type == "inline":
            new = inline("\n".join(lines[first:last]), page)
        elif read := directive(token):
            lead = lines[first][: lines[first].index(token.markup)]  # of a list or a quotation
            new = textwrap.indent(block(*read, page), re.sub(r"[^\s>]", " ", lead))
            new = lead + new[len(lead) :]
        else:
            continue
        shown += lines[done:first] + ([new] if new.strip() else [])
        done = last
    whole = "\n".join(shown + lines[done:]).strip("\n")
    return whole.replace("\n```\n```python\n", "\n\n\n")  # definitions in a row: one piece of code


@functools.cache
def parser() -> MarkdownIt:
    """MyST's parser, with the extensions that the book uses."""
    extensions = config()["parse"]["myst_enable_extensions"]
    return create_md_parser(MdParserConfig(enable_extensions=set(extensions)), RendererHTML)


# Blocks


def directive(token: Token) -> tuple[str, str, dict[str, str], str] | None:
    """The name, title, options and text of a directive; None for what is none."""
    if token.type not in ("fence", "colon_fence") or not (m := DIRECTIVE.match(token.info)):
        return None
    head = OPTIONS.match(token.content)[0]
    options = dict(re.findall(r"^:([\w-]+): *(.*?) *$", head, re.M))
    return m["name"], m["title"].strip(), options, token.content[len(head) :].strip("\n")


def block(name: str, title: str, options: dict[str, str], body: str, page: Page) -> str:
    """What a directive becomes."""
    if name == "math":
        return equation(body, options.get("label", ""), page)
    if name == "literalinclude":
        return included(title, options, page)
    if name in ("figure", "image"):
        picture = (
            f"![{options.get('alt', '').strip(chr(34))}]({address(title, page, picture=True)})"
        )
        return f"{picture}\n\n{plain(body, page)}".rstrip()
    if name == "list-table":
        return table(body, page)
    if name in NAMED:
        title, body = name.capitalize(), f"{title}\n{body}".strip("\n")
    if name in {"admonition", "dropdown", *NAMED}:
        folded = name == "dropdown" or "dropdown" in options.get("class", "").split()
        return box(inline(title, page), plain(body, page), folded)
    if name in UNSEEN:
        return ""
    raise page.wrong(f"course/myst.py does not know how a notebook shows `{{{name}}}`: teach it")


def box(title: str, body: str, folded: bool) -> str:
    """A titled box; where it is `folded`, the reader opens it.

    No quotation: JupyterLab takes its `>` for a part of the formulas in it.
    """
    if folded:
        head = MarkdownIt().renderInline(title)
        return f"<details>\n<summary>{head}</summary>\n\n{body}\n\n</details>"
    return f'<div class="alert alert-info">\n\n**{title}**\n\n{body}\n\n</div>'


def equation(tex: str, label: str, page: Page) -> str:
    """A displayed formula, with its number if it has a label."""
    tag = f"\n\\tag{{{number(label, page)}}}" if label else ""
    return f"$$\n{tex.strip()}{tag}\n$$"


def included(name: str, options: dict[str, str], page: Page) -> str:
    """The code that `literalinclude` shows."""
    if unknown := sorted(set(options) - {"language", "pyobject"}):
        raise page.wrong(f"course/myst.py does not know `:{unknown[0]}:` of literalinclude")
    path = (page.path.parent / name).resolve()
    code = path.read_text(encoding="utf-8")
    if wanted := options.get("pyobject"):
        found = find(ast.parse(code), wanted)
        if not found:
            raise page.wrong(f"{path.name} defines no {wanted!r}")
        first, last = extent(found[-1])
        code = textwrap.dedent("\n".join(code.splitlines()[first - 1 : last]))
    return f"```{options.get('language', 'python')}\n{code.rstrip()}\n```"


def table(body: str, page: Page) -> str:
    """A `list-table`, the first of its rows as head."""
    rows: list[list[list[str]]] = []
    for token in parser().parse(body):
        if token.type == "list_item_open" and token.level == 1:
            rows.append([])
        elif token.type == "list_item_open" and token.level == 3:
            rows[-1].append([])
        elif token.type == "inline":
            rows[-1][-1].append(" ".join(inline(token.content, page).split()).replace("|", r"\|"))
    lines = ["| " + " | ".join("<br>".join(cell) for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


# What stands in a line


def inline(text: str, page: Page) -> str:
    """Running text, its roles and links made plain."""

    def shown(m: re.Match) -> str:
        if m["target"]:
            return f"{m['image'] or ''}]({address(m['target'], page, bool(m['image']))})"
        return role(m["role"], m["text"], page) if m["role"] else m[0]

    return INLINE.sub(shown, text)


def role(name: str, text: str, page: Page) -> str:
    """What a role becomes: `text <target>`, or the target alone."""
    words, _, target = text.partition("<")
    words, target = " ".join(words.split()), target.strip(" >") or text.strip()
    if name in ("cite", "cite:p"):
        return f"({'; '.join(sources('{} {}', text, page))})"
    if name == "cite:t":
        return ", ".join(sources("{} ({})", text, page))
    if name == "eq":
        return f"({number(target, page)})"
    if name == "doc":
        return f"[{words}]({address(f'{target}.md', page)})"
    if name == "term" or (name == "ref" and target != text.strip()):
        return words
    raise page.wrong(f"course/myst.py does not know how a notebook shows `{{{name}}}`: teach it")


def sources(shown: str, keys: str, page: Page) -> Iterator[str]:
    """Each source's author and year, put into `shown`; a link, if it has an address."""
    for key in keys.split(","):
        if not (entry := page.sources.get(key.strip())):
            raise page.wrong(f"the bibliography has no {key.strip()!r}")
        people = [
            " ".join(str(part) for part in [*p.rich_prelast_names, *p.rich_last_names])
            for p in entry.persons["author"]
        ]
        who = f"{people[0]} et al." if len(people) > 2 else " and ".join(people)
        words = shown.format(who, entry.fields["year"])
        at = address_of(entry)
        yield f"[{words}]({at})" if at else words


def address_of(entry: Entry) -> str:
    """Where a source is found; empty if the bibliography does not say."""
    at = entry.fields.get("url") or entry.fields.get("howpublished", "")
    if found := re.search(r"https?://[^\s{}]+", at):
        return found[0]
    return f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else ""


def number(label: str, page: Page) -> str:
    if label not in page.numbers:
        raise page.wrong(f"no equation is called {label!r}")
    return page.numbers[label]


def address(target: str, page: Page, picture: bool = False) -> str:
    """Where on the web that is which the chapter calls `target`: a page of the book, or a file."""
    name, mark, part = target.partition("#")
    place = (page.path.parent / name).resolve().relative_to(ROOT)
    if place.parts[0] == "book" and place.suffix in (".md", ".ipynb"):
        return (
            f"{published()}/{place.relative_to('book').with_suffix('.html').as_posix()}{mark}{part}"
        )
    kind = "raw" if picture else "blob"
    branch = config()["repository"]["branch"]
    return f"{repository()}/{kind}/{branch}/{place.as_posix()}{mark}{part}"


# What a chapter may refer to


@functools.lru_cache(maxsize=4)
def bibliography(bibtex: str) -> dict[str, Entry]:
    """The entries of a BibTeX file's text, by key."""
    return dict(parse_string(bibtex, "bibtex").entries)


def equation_numbers(pages: list[Path]) -> dict[str, str]:
    """Of each labelled equation its number in the book: chapter, and place among the labelled."""
    numbers = {}
    for path in pages:
        chapter = re.match(r"(\d+)-", path.name)
        for place, label in enumerate(labels(path.read_text(encoding="utf-8")), 1):
            numbers[label] = f"{int(chapter[1])}.{place}" if chapter else str(place)
    return numbers


@functools.lru_cache(maxsize=64)
def labels(text: str) -> list[str]:
    """The labels of the equations in `text`, in order."""
    found = []
    for token in parser().parse(text):
        if token.type == "math_block_label":
            found.append(token.info)
        elif read := directive(token):
            name, _, options, body = read
            if name == "math":
                found += [options["label"]] if "label" in options else []
            elif name not in ("code-cell", "literalinclude"):
                found += labels(body)
    return found


def expand_macros(text: str) -> str:
    """`text` with the book's own TeX macros written out."""
    inner = r"[^{}]*"
    for _ in range(4):  # as deep as braces stand in braces
        inner = rf"(?:[^{{}}]|\{{{inner}\}})*"
    argument = rf"\s*\{{({inner})\}}"
    macros = config()["sphinx"]["config"]["mathjax3_config"]["tex"]["macros"]
    for name, (body, *count) in macros.items():

        def expansion(match: re.Match, body: str = body) -> str:
            return re.sub(r"#(\d)", lambda hole: match[int(hole[1])], body)

        arguments = argument * (count[0] if count else 0)
        text = re.sub(rf"\\{name}(?![A-Za-z]){arguments}", expansion, text)
    return text
