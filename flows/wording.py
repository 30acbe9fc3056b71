"""Words and sentences in two languages: English as it was always said, and the same in Chinese beside it.

A table of `Phrases` holds what a room says, each phrase once under a stable name, English and Chinese side by side,
with gaps in braces. A word that stands in the table of a lower room is found there. A phrase that is told far from
where it is printed travels as a `Saying`: text in English that carries its Chinese. JSON, csv and whoever knows nothing
of languages see the English; a printer that was asked for Chinese takes it out by `said`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from .tables import Label

Language = Literal["en", "zh"]


class Saying(str):
    """A text in English that carries the same in Chinese. It equals, sorts and is written as its English."""

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, en: str, zh: str | None = None) -> Saying:
        """Make one; without Chinese it is a text that is the same in both languages, e.g. an identifier."""
        made = super().__new__(cls, en)
        made.zh = en if zh is None else zh
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # what copies and pickles start from
        """Return both texts."""
        return str(self), self.zh


class Phrases:
    """What a room says, each phrase once: key → (English, Chinese), and the words of the rooms below it.

    Called with a key and a language it returns one phrase; `tell` returns it in both. Gaps are filled with the parts
    that are given, a part that is a `Saying` in each language by its own; a phrase without parts is returned as it is.
    Raises KeyError where no table has the key.
    """

    def __init__(self, own: Mapping[str, tuple[str, str]], *below: Phrases) -> None:
        self.own, self.below = dict(own), below

    def __contains__(self, key: str) -> bool:
        return key in self.own or any(key in table for table in self.below)

    def __getitem__(self, key: str) -> tuple[str, str]:
        """Return a phrase in English and in Chinese."""
        if key in self.own:
            return self.own[key]
        for table in self.below:
            if key in table:
                return table[key]
        raise KeyError(key)

    def __call__(self, key: str, language: Language, /, **parts: object) -> str:
        """Return a phrase in one language."""
        text = self[key][language == "zh"]
        return text.format(**{name: said(part, language) for name, part in parts.items()}) if parts else text

    def tell(self, key: str, /, **parts: object) -> Saying:
        """Return a phrase in both languages."""
        return Saying(self(key, "en", **parts), self(key, "zh", **parts))


def said(text: object, language: Language) -> str:
    """Return a text in one language; what is no `Saying` is the same in both."""
    return text.zh if language == "zh" and isinstance(text, Saying) else str(text)


def named(label: Label) -> Saying:
    """Return the name of a thing in both languages."""
    return Saying(label.en, label.zh)


def joined(texts: Iterable[str], between: str = ", ", between_zh: str = "、") -> Saying:
    """Join texts with a mark between them."""
    texts = list(texts)
    return Saying(between.join(texts), between_zh.join(said(text, "zh") for text in texts))


def capital(text: str) -> Saying:
    """Begin the English with a capital letter."""
    return Saying(text[:1].upper() + text[1:], said(text, "zh"))


def lower(text: str) -> Saying:
    """Write the English in lower case, as within a sentence."""
    return Saying(text.lower(), said(text, "zh"))
