"""What the language itself has to say of an answer, in English and Chinese."""

from __future__ import annotations

from .wording import Phrases

flow_phrases = Phrases(
    {
        "closes": (
            "{recipe} closes only within {allowed}: {because}",
            "{recipe} 的物料平衡仅在 {allowed} 以内闭合：{because}",
        ),
    }
)
"""caveats of recipes"""
