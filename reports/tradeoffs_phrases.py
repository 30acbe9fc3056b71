"""What is said of a front: its points, what a step costs, the knee, and the plants that change, in both languages."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

tradeoffs_phrases = Phrases(
    {
        # points
        "point": ("point", "方案点"),
        "end": ("end", "端点"),
        "corner": ("corner", "顶点"),
        "knee": ("knee", "膝点"),
        "on_front": ("{number} {kind}", "{number} {kind}"),
        "in_unit": ("{what}, {unit}", "{what}，{unit}"),
        # prices
        "price_to_next": ("price to the next, {unit}", "到下一点的代价，{unit}"),
        "price_here": ("price of {what}, {unit}", "{what}的边际代价，{unit}"),
        "price_means": (
            "price: what {first} gives up per unit that the bound of the goal is tightened, the other bound as it is; "
            "none where no bound presses",
            "边际代价：该目标的限值每收紧一单位时{first}的损失，另一限值不变；限值不起作用时不列",
        ),
        "more_less": (
            "each {unit} of {second} more means {price} less {first}",
            "{second}每增加 1 {unit}，{first}减少 {price}",
        ),
        "less_less": (
            "each {unit} of {second} less means {price} less {first}",
            "{second}每减少 1 {unit}，{first}减少 {price}",
        ),
        "more_more": (
            "each {unit} of {second} more means {price} more {first}",
            "{second}每增加 1 {unit}，{first}增加 {price}",
        ),
        "less_more": (
            "each {unit} of {second} less means {price} more {first}",
            "{second}每减少 1 {unit}，{first}增加 {price}",
        ),
        "before": ("  before it {price}", "  膝点之前：{price}"),
        "after": ("  after it {price}", "  膝点之后：{price}"),
        # plants
        "changes": ("plants that change", "变动的装置"),
        "opens": ("{plant} opens", "{plant} 启用"),
        "closes": ("{plant} closes", "{plant} 停用"),
        "moves": ("{plant} {before} → {after} {unit}", "{plant} {before} → {after} {unit}"),
        "more_plants": ("{count} more", "另 {count} 个"),
        # notes
        "no_knee": (
            "no knee: no plan does better than the ends do, each goal counted over its way",
            "无膝点：按各目标从最差到最好的幅度计，没有方案优于端点",
        ),
        "knee_at": (
            "knee: point {number}, where the goals together have come farthest from worst to best",
            "膝点：第 {number} 点，各目标从最差到最好合计改善最多",
        ),
        "unreachable": (
            "{count} pairs of bounds are kept by no plan and left out",
            "有 {count} 对限值没有方案能同时满足，已略去",
        ),
        "incomplete": (
            "not all corners are here: there are too many, or plants are on or off",
            "未列出全部顶点：数量过多，或含启停装置",
        ),
        "says_why": (
            "`parkloop explain` says why, for the objective of the case",
            "运行 `parkloop explain` 可查看原因（按算例的目标）",
        ),
    },
    common,
)
"""a front as a table and its notes"""
