"""What a message of the simulated Discord shows, whatever form it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simcord import InteractionResult, ResponseMessage

BUTTON, SELECT, TEXT, GALLERY = 2, 3, 10, 12


def shown(result: InteractionResult) -> ResponseMessage:
    """The message that answered, of which there must be one."""
    assert result.response is not None
    return result.response


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, outer ones first."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))


def text(result: InteractionResult) -> str:
    """All that is said, narrow spaces as plain ones."""
    message = shown(result)
    parts = [message.content, *(each["content"] for each in walk(message.components) if each["type"] == TEXT)]
    return "\n".join(part for part in parts if part).replace("\u202f", " ")


def ids(result: InteractionResult, kind: int) -> list[str]:
    """Ids of all buttons or lists."""
    return [each["custom_id"] for each in walk(shown(result).components) if each["type"] == kind]


def offered(result: InteractionResult, custom_id: str) -> list[str]:
    """Values of a list."""
    component = next(each for each in walk(shown(result).components) if each.get("custom_id") == custom_id)
    return [option["value"] for option in component["options"]]
