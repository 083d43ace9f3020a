"""What a message shows: words, entities, keyboard and picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.telegram.call import Json


@dataclass(frozen=True)
class Photo:
    """A stored picture; width and height in pixels."""

    file_id: str
    data: bytes = field(repr=False)
    width: int
    height: int

    def to_json(self) -> list[Json]:
        """As the sizes of a photo, smallest first; the thumbnail's id is a decoy that nothing accepts."""
        full = {"file_id": self.file_id, "width": self.width, "height": self.height, "file_size": len(self.data)}
        thumb = {"file_id": f"{self.file_id}-thumb", "width": 90, "height": 45, "file_size": 900}
        return [size | {"file_unique_id": f"u-{size['file_id']}"} for size in (thumb, full)]


@dataclass(frozen=True)
class Content:
    """What a message shows: `html` as it was sent, `text` and `entities` as a reader sees them (a caption's too).

    `uploaded` says that the photo came as bytes and not as a file_id.
    """

    text: str = ""
    entities: tuple[Json, ...] = ()
    html: str = ""
    markup: Json | None = None
    photo: Photo | None = None
    uploaded: bool = False

    def looks_like(self, other: Content) -> bool:
        """Whether Telegram would call the one an unmodified other."""
        return (self.text, self.entities, self.markup, self.photo) == (
            other.text,
            other.entities,
            other.markup,
            other.photo,
        )

    def to_json(self) -> Json:
        """The fields of a message that hold it."""
        words, entities = ("caption", "caption_entities") if self.photo else ("text", "entities")
        body: Json = {words: self.text} if self.text else {}
        if self.entities:
            body[entities] = list(self.entities)
        if self.photo:
            body["photo"] = self.photo.to_json()
        if self.markup and "inline_keyboard" in self.markup:
            body["reply_markup"] = self.markup
        return body
