"""Limits of a message's body (resources/message, components/reference): what Discord answers with 400/50035."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.fakes.discord.errors import ApiError, invalid_form
from tests.fakes.discord.world import COMPONENTS_V2, Json, Message

Fault = tuple[str, str]

ROW, BUTTON, SELECT, SECTION, TEXT, THUMBNAIL, GALLERY, CONTAINER = 1, 2, 3, 9, 10, 11, 12, 17
SELECTS = {3, 5, 6, 7, 8}
ONLY_V2 = {9, 10, 11, 12, 13, 14, 17}
LINK_STYLE = 5
FILE_MOST_BYTES = 10 * 1024 * 1024
"""Of one file in a server without boosts (reference, "Uploading Files")."""


def check(message: Message) -> None:
    """Refuse a message that Discord would refuse.

    Raises:
        ApiError: 400/50035 with every fault found, 400/50006 for an empty message, 413/40005 for a file too large.
    """
    if any(len(attachment.content) > FILE_MOST_BYTES for attachment in message.attachments):
        raise ApiError(413, 40005)
    faults = [*_text_faults(message), *_embed_faults(message.embeds), *_component_faults(message)]
    names = {f"attachment://{attachment.filename}" for attachment in message.attachments}
    faults += _address_faults({"embeds": message.embeds, "components": message.components}, names)
    if faults:
        raise invalid_form(faults)
    if not (message.content or message.embeds or message.components or message.attachments):
        raise ApiError(400, 50006)


def _too_long(path: str, text: object, most: int, least: int = 0) -> Iterator[Fault]:
    if text is not None and not least <= len(str(text)) <= most:
        yield path, f"Must be between {least} and {most} in length."


def _text_faults(message: Message) -> Iterator[Fault]:
    yield from _too_long("content", message.content, 2000)
    yield from _too_long("nonce", message.nonce, 25)
    if len(message.attachments) > 10:
        yield "attachments", "Must be 10 or fewer in length."
    if message.flags & COMPONENTS_V2 and (message.content or message.embeds):
        yield "flags", "The 'content' and 'embeds' fields cannot be used when using MessageFlags.IS_COMPONENTS_V2."


def _embed_faults(embeds: list[Json]) -> Iterator[Fault]:
    if len(embeds) > 10:
        yield "embeds", "Must be 10 or fewer in length."
    characters = 0
    for index, embed in enumerate(embeds):
        for path, text, most, least in _embed_texts(embed):
            characters += len(text)
            yield from _too_long(f"embeds.{index}.{path}", text, most, least)
        if len(embed.get("fields", [])) > 25:
            yield f"embeds.{index}.fields", "Must be 25 or fewer in length."
    if characters > 6000:
        yield "embeds", "Embed size exceeds maximum size of 6000"


def _embed_texts(embed: Json) -> Iterator[tuple[str, str, int, int]]:
    yield "title", embed.get("title") or "", 256, 0
    yield "description", embed.get("description") or "", 4096, 0
    yield "footer.text", (embed.get("footer") or {}).get("text") or "", 2048, 0
    yield "author.name", (embed.get("author") or {}).get("name") or "", 256, 0
    for index, field in enumerate(embed.get("fields", [])):
        yield f"fields.{index}.name", field.get("name") or "", 256, 1
        yield f"fields.{index}.value", field.get("value") or "", 1024, 1


def walk(components: list[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component with its path, nested ones and accessories included."""
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        yield here, component
        yield from walk(component.get("components", []), f"{here}.components")
        if component.get("accessory"):
            yield f"{here}.accessory", component["accessory"]


def _component_faults(message: Message) -> Iterator[Fault]:
    everything = list(walk(message.components))
    is_v2 = bool(message.flags & COMPONENTS_V2)
    for path, component in everything:
        yield from _one_component(path, component, is_v2=is_v2)
    ids = Counter(each["custom_id"] for _, each in everything if each.get("custom_id"))
    yield from (("components", f"Component custom id cannot be duplicated: {each}") for each, n in ids.items() if n > 1)
    if is_v2:
        characters = sum(len(each.get("content", "")) for _, each in everything if each["type"] == TEXT)
        if len(everything) > 40:
            yield "components", "Total number of components exceeds maximum of 40."
        if characters > 4000:
            yield "components", "Total characters of displayed text exceed 4000."
    elif len(message.components) > 5:
        yield "components", "Must be 5 or fewer in length."


def _one_component(path: str, component: Json, *, is_v2: bool) -> Iterator[Fault]:
    kind = component["type"]
    if kind in ONLY_V2 and not is_v2:
        yield path, "This component needs MessageFlags.IS_COMPONENTS_V2."
    if kind == ROW:
        yield from _row_faults(path, component["components"])
    elif kind == BUTTON:
        yield from _button_faults(path, component)
    elif kind in SELECTS:
        yield from _select_faults(path, component)
    elif kind == SECTION and not (1 <= len(component["components"]) <= 3 and component.get("accessory")):
        yield path, "A section has 1 to 3 texts and an accessory."
    elif kind == GALLERY and not 1 <= len(component.get("items", [])) <= 10:
        yield f"{path}.items", "Must be between 1 and 10 in length."


def _row_faults(path: str, held: list[Json]) -> Iterator[Fault]:
    only_buttons = all(each["type"] == BUTTON for each in held) and 1 <= len(held) <= 5
    if not only_buttons and not (len(held) == 1 and held[0]["type"] in SELECTS):
        yield f"{path}.components", "A row holds 1 to 5 buttons or one select."


def _button_faults(path: str, button: Json) -> Iterator[Fault]:
    yield from _too_long(f"{path}.label", button.get("label"), 80)
    if not (button.get("label") or button.get("emoji")):
        yield path, "A button needs a label or an emoji."
    if button["style"] == LINK_STYLE:
        yield from _too_long(f"{path}.url", button.get("url", ""), 512, 1)
    else:
        yield from _too_long(f"{path}.custom_id", button.get("custom_id", ""), 100, 1)


def _select_faults(path: str, select: Json) -> Iterator[Fault]:
    yield from _too_long(f"{path}.custom_id", select.get("custom_id", ""), 100, 1)
    yield from _too_long(f"{path}.placeholder", select.get("placeholder"), 150)
    options = select.get("options", [])
    if select["type"] == SELECT and not 1 <= len(options) <= 25:
        yield f"{path}.options", "Must be between 1 and 25 in length."
    for index, option in enumerate(options):
        for key, least in (("label", 1), ("value", 1), ("description", 0)):
            yield from _too_long(f"{path}.options.{index}.{key}", option.get(key), 100, least)


def _address_faults(value: object, names: set[str], path: str = "") -> list[Fault]:
    """Addresses must be http(s) or name a file of the message.

    Discord shows nothing for an unknown `attachment://`; here it is refused, because it is always a mistake.
    """
    if isinstance(value, list):
        return [each for index, item in enumerate(value) for each in _address_faults(item, names, f"{path}.{index}")]
    if not isinstance(value, dict):
        return []
    faults = [each for key, item in value.items() for each in _address_faults(item, names, f"{path}.{key}")]
    url = value.get("url")
    if isinstance(url, str) and not url.startswith(("http://", "https://")) and url not in names:
        faults.append((f"{path}.url".lstrip("."), "Scheme must be one of http, https, or name an attachment."))
    return [(path.lstrip("."), sentence) for path, sentence in faults]
