"""Both languages say the same things, completely, and everything that is said exists."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel import Locale
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.serializer import FluentSerializer
from fluent.syntax.visitor import Visitor

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "es")
PLURALS = {"zero", "one", "two", "few", "many", "other"}
COUNTS = (*range(201), 1_000, 10_000, 999_999)  # counts here stay below a million, where Spanish would need "many"
UNUSED_IS_FINE = ("web-", "command-")  # the page's script and the command decorator build these

NOT_SAID = {
    "en": (
        r"!|\bwill\b|'ll\b|\b(going|about|bound|expected|sure) to\b|\bimminent|\binevitabl|\bguarantee|\brecommend",
        r"\bmassive|\bhuge\b|\bcrazy\b|\bwhales?\b|\bto the moon\b|\b(buy|sell) (now|the dip)\b",
        r"\bshould (buy|sell|go|enter|exit|close|open|wait)\b",
    ),
    "es": (
        r"!|¡|\binminente|\binevitable|\bgarantiza|\brecomend|\bse espera que\b",
        r"\b(subir|bajar|caer|rebotar|seguir)án?\b",
        r"\bmasiv[oa]|\benormes?\b|\bballenas?\b|\b(compra|vende) (ya|ahora)\b",
        r"\b(debes|deberías|debe) (comprar|vender|cerrar|abrir|entrar|salir|esperar)\b",
        r"\bvan? a (subir|bajar|caer|rebotar|seguir)\b",
    ),
}
NOT_CLAIMED = {
    "en": (
        r"\b(likely|unlikely|probabl[ey]|forecast(s|ed)?|predict\w*|outlook|price targets?|soon|next leg)\b",
        r"\b(because|due to|caused? by|driven by|triggered by|thanks to|in response to|amid|fears?|panic\w*)\b",
        r"\b(institution\w*|smart money|manipulat\w*|market makers?|bottom is in|capitulat\w*|bullish|bearish)\b",
        r"\b(opportunit\w*|take profits?|stop.?loss|go (long|short)|advis\w*|consider (buying|selling)|safe to)\b",
    ),
    "es": (
        r"\b(probable(mente)?|previs(to|ta|ible)\w*|pron[oó]stico|predic\w*|pronto|precio objetivo)\b",
        r"\b(debido a|a causa de|causad[oa] por|provocad[oa] por|impulsad[oa] por|gracias a|miedo|p[aá]nico)\b",
        r"\b(instituci\w*|dinero inteligente|manipul\w*|creadores de mercado|capitula\w*|alcista|bajista)\b",
        r"\b(oportunidad\w*|tomar beneficios|toma de beneficios|conviene (comprar|vender)|aconsej\w*)\b",
    ),
}
"""Words of prediction, of causes that nobody measured, and of advice."""
MAY_SAY: dict[str, str] = {
    "report-footing": "it says that it is no forecast and no advice",
    "report-end-retracted": "the price that opened it was measured to be wrong",
    "telegram-description": "it says that nothing is predicted",
    "levels-note": "it says that a score is no likelihood",
    "detail-liquidations-too-early": "demasiado pronto: too early to say",
}
MARKUP = re.compile(r"\*\*|__|`|</?[a-z]+>|<t:")


class Found(Visitor):
    """Variables, referenced messages and selections of one entry."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.references: set[str] = set()
        self.selections: list[ftl.SelectExpression] = []

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 -- the library's naming
        """A value that the program hands over."""
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ftl.MessageReference) -> None:  # noqa: N802 -- the library's naming
        """Another message inside this one."""
        self.references.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802 -- the library's naming
        """A choice between variants."""
        self.selections.append(node)
        self.generic_visit(node)


class Entry(NamedTuple):
    """One message of a language with what was found in it."""

    file: str
    message: ftl.Message
    found: Found

    @property
    def text(self) -> str:
        """Its pattern as it stands in the file, without its key."""
        bare = ftl.Message(ftl.Identifier("x"), self.message.value, self.message.attributes)
        return FluentSerializer().serialize_entry(bare).removeprefix("x =").strip()


@cache
def _bodies(language: str) -> list[tuple[str, ftl.EntryType]]:
    """Every entry of a language with the name of its file."""
    return [
        (path.name, entry)
        for path in sorted((ROOT / "locales" / language).glob("*.ftl"))
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body
    ]


@cache
def entries(language: str) -> dict[str, Entry]:
    """Every message of a language by its key."""
    found_of = {}
    for file, message in _bodies(language):
        if isinstance(message, ftl.Message):
            found = Found()
            found.visit(message)
            found_of[message.id.name] = Entry(file, message, found)
    return found_of


@cache
def _nodes() -> list[ast.AST]:
    """The code, node by node."""
    paths = [path for folder in ("bot", "commands") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))]


def _literals(node: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The texts that an expression may have: `a if x else b` has two."""
    match node:
        case ast.Constant(str()) | ast.JoinedStr():
            yield node
        case ast.IfExp():
            yield from _literals(node.body)
            yield from _literals(node.orelse)


def _keys_asked_for() -> Iterator[ast.Constant | ast.JoinedStr]:
    """Everything handed over as `…_key=`, and first arguments that look like a key, of `Phrase` or what wraps it."""
    families = "|".join({key.partition("-")[0] for key in entries("en")})
    like_a_key = re.compile(rf"({families})-([a-z0-9-]|\.\*)*([a-z0-9]|\.\*)")
    for node in _nodes():
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for text in _literals(node.args[0]) if node.args else ():
                if name in {"Phrase", "UserError"} or like_a_key.fullmatch(_pattern(text).pattern.replace("\\-", "-")):
                    yield text
            for keyword in node.keywords:
                if (keyword.arg or "").endswith("_key"):
                    yield from _literals(keyword.value)


def _pattern(text: ast.Constant | ast.JoinedStr) -> re.Pattern[str]:
    """A text as a pattern: in an f-string anything may stand where a value is filled in."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return re.compile("".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in parts))


def _matching(text: ast.Constant | ast.JoinedStr) -> set[str]:
    if isinstance(text, ast.Constant):
        return {str(text.value)} & entries("en").keys()
    pattern = _pattern(text)
    return {key for key in entries("en") if pattern.fullmatch(key)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_can_be_read(language: str) -> None:
    """No entry of a language is junk to the parser."""
    junk = [f"{file}: {entry.content}" for file, entry in _bodies(language) if isinstance(entry, ftl.Junk)]
    assert junk == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    """Each key is defined once over all files; the second would be ignored in silence."""
    keys = Counter(entry.id.name for _, entry in _bodies(language) if isinstance(entry, ftl.Message))
    assert [key for key, times in keys.items() if times > 1] == []


def test_both_languages_have_the_same_keys_in_the_same_files() -> None:
    """What can be said in one language can be said in the other, and is found at the same place."""
    places = [{(entry.file, key) for key, entry in entries(language).items()} for language in LANGUAGES]
    assert sorted(places[0] ^ places[1]) == []


def test_both_languages_use_the_same_values() -> None:
    """No figure is shown in one language and left out in the other; attributes are the same too."""
    different = []
    for key in entries("en").keys() & entries("es").keys():
        english, spanish = entries("en")[key], entries("es")[key]
        names = [{attribute.id.name for attribute in entry.message.attributes} for entry in (english, spanish)]
        if english.found.variables != spanish.found.variables or names[0] != names[1]:
            different.append(key)
    assert sorted(different) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_references_lead_somewhere(language: str) -> None:
    """A message that holds another names one that exists."""
    lost = {key: entry.found.references - entries(language).keys() for key, entry in entries(language).items()}
    assert {key: missing for key, missing in lost.items() if missing} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_are_complete(language: str) -> None:
    """A choice by number has each form that the language gives to counts below a million, and no unknown one."""
    plural_form = Locale.parse(language).plural_form
    needed = {plural_form(count) for count in COUNTS}
    known = set(plural_form.tags) | {"other"}
    wrong = []
    for key, entry in entries(language).items():
        for selection in entry.found.selections:
            names = {variant.key.name for variant in selection.variants if isinstance(variant.key, ftl.Identifier)}
            is_number = names <= PLURALS or len(names) < len(selection.variants)
            if is_number and not needed <= names <= known:
                wrong.append(f"{key}: {sorted(names)}")
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_predicted_advised_or_shouted(language: str) -> None:
    """No sentence holds a word of prediction, advice or drama, nor an exclamation mark."""
    forbidden = re.compile("|".join(NOT_SAID[language]), re.IGNORECASE)
    said = {key: forbidden.search(entry.text) for key, entry in entries(language).items()}
    assert {key: match.group() for key, match in said.items() if match} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_foretold_explained_or_advised(language: str) -> None:
    """In no template of any file a word of prediction, of an unmeasured cause or of advice, but for reasons given."""
    forbidden = re.compile("|".join(NOT_CLAIMED[language]), re.IGNORECASE)
    said = {key: forbidden.findall(entry.text) for key, entry in entries(language).items()}
    assert [(key, entries(language)[key].text) for key, words in said.items() if words and key not in MAY_SAY] == []
    assert MAY_SAY.keys() <= entries(language).keys()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "A bounce is likely"),
        ("en", "Down because of panic"),
        ("en", "An opportunity for longs"),
        ("es", "Es probable un rebote"),
        ("es", "Cae debido a ventas"),
        ("es", "Una oportunidad para largos"),
    ],
)
def test_the_list_knows_what_it_is_for(language: str, sentence: str) -> None:
    """Sentences that must never stand there are found by the list."""
    assert re.search("|".join(NOT_CLAIMED[language]), sentence, re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_hold_no_markup(language: str) -> None:
    """Bold, code and tags are the business of each chat."""
    said = {key: MARKUP.search(entry.text) for key, entry in entries(language).items()}
    assert {key: match.group() for key, match in said.items() if match} == {}


def test_what_the_code_says_exists() -> None:
    """Every key in a `Phrase`, a `UserError` or a `…_key` is in the locales; an f-string fits at least one."""
    missing = {ast.unparse(text) for text in _keys_asked_for() if not _matching(text)}
    assert sorted(missing) == []


def test_what_the_locales_hold_is_said() -> None:
    """Every key stands somewhere in the code, fits an f-string of it, or is part of another sentence."""
    used = set[str]().union(*(entry.found.references for entry in entries("en").values()))
    for node in _nodes():
        match node:
            case ast.Constant(str()) | ast.JoinedStr(values=[ast.Constant(), *_]):
                used |= _matching(node)
    unused = {key for key in entries("en") if key not in used and not key.startswith(UNUSED_IS_FINE)}
    assert sorted(unused) == []
