"""From the fields of a request to what a message shows, with the limits of core.telegram.org/bots/api.

4,096 units of text and 1,024 of a caption after parsing, 1-64 bytes of callback data, 100 buttons; a photo of 10 MB
whose sides add up to 10,000 and whose ratio is 20 at most. Photos are PNG only: the project draws no others.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram.call import Call, Json, bad_request
from tests.fakes.telegram.content import Content, Photo
from tests.fakes.telegram.markup import parse_html, trimmed, utf16
from tests.fakes.telegram.world import World

MOST_TEXT = 4_096
MOST_CAPTION = 1_024
MOST_CALLBACK_BYTES = 64
MOST_BUTTONS = 100
MOST_PHOTO_BYTES = 10 * 2**20
PNG = b"\x89PNG\r\n\x1a\n"
ACTIONS = {"callback_data", "url", "copy_text", "web_app", "login_url", "pay", "callback_game"}
ACTIONS |= {"switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"}


def text_content(call: Call, *, editing: bool) -> Content:
    """The words and keyboard of a text message; raises `ApiError` 400."""
    html = call.text("text")
    text, entities = _parsed(html, call.text("parse_mode"))
    if not text:
        raise bad_request("message text is empty")
    if utf16(text) > MOST_TEXT:
        raise bad_request("MESSAGE_TOO_LONG" if editing else "message is too long")
    return Content(text, entities, html, markup(call))


def caption_content(call: Call, fields: Json, photo: Photo, *, uploaded: bool, editing: bool) -> Content:
    """A photo with its caption, which may be empty, and keyboard; raises `ApiError` 400."""
    html = fields.get("caption", "")
    text, entities = _parsed(html, fields.get("parse_mode", ""))
    if utf16(text) > MOST_CAPTION:
        raise bad_request("MEDIA_CAPTION_TOO_LONG" if editing else "message caption is too long")
    return Content(text, entities, html, markup(call), photo, uploaded)


def markup(call: Call) -> Json | None:
    """The keyboard of a request, None where it has none; raises `ApiError` 400."""
    given: Json | None = call.json("reply_markup", "reply keyboard markup")
    rows: list[list[Json]] = (given or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return None if given is not None and "inline_keyboard" in given and not buttons else given


def stored_photo(world: World, call: Call, source: Any, field: str = "photo") -> tuple[Photo, bool]:
    """The picture that `source` or the upload named `field` stands for, and whether it was uploaded.

    Raises `ApiError` 400.
    """
    name = str(source or "")
    data = call.files.get(name.removeprefix("attach://") if name.startswith("attach://") else field)
    if data is None:
        if not name:
            raise bad_request("there is no photo in the request")
        if name not in world.photos:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.photos[name], False
    width, height = _size(data)
    photo = Photo(f"AgACAgQAAxkD-{len(world.photos) + 1}", data, width, height)
    world.photos[photo.file_id] = photo
    return photo, True


def _size(data: bytes) -> tuple[int, int]:
    if len(data) > MOST_PHOTO_BYTES:
        reason = f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MOST_PHOTO_BYTES} bytes"
        raise bad_request(reason)
    if not data.startswith(PNG) or len(data) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _parsed(html: str, mode: str) -> tuple[str, tuple[Json, ...]]:
    if not mode:
        return trimmed(html, [])[0], ()
    if mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return parse_html(html)


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if len(ACTIONS & set(button)) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(str(button.get("callback_data", "-")).encode()) <= MOST_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
