"""What is said of a result beside its figures, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

flow_ends = Phrases(
    {
        "market": ("market", "市场"),
        "disposal": ("disposal", "处置"),
        "environment": ("environment", "环境"),
        "air_or_water": ("air or water", "大气或水体"),
        "lost": ("lost on the way", "途中损失"),
        "lost_in_store": ("lost in store", "储存损失"),
    }
)
"""where flows end, and where they come from, outside the parks"""
result_phrases = Phrases(
    {
        # caveats
        "whole": (
            "some choices are whole numbers: the best answer within a relative gap of {gap}",
            "部分选择为整数：为相对间隙 {gap} 以内的最优解",
        ),
        "whole_prices": (
            "shadow prices and binding limits hold with each of these choices left as it is",
            "影子价格和起作用的约束在这些选择保持不变时成立",
        ),
        "whole_flows": (
            "flows were not looked at for other answers that are as good",
            "未检查流量是否另有同样好的解",
        ),
        "negative": (
            "policy {policy} bounds a ratio whose denominator comes out negative: the bound does not hold",
            "政策 {policy} 所约束比率的分母为负：该限值不成立",
        ),
        # policies
        "short_by": ("short by {amount}", "欠缺 {amount}"),
        "over_by": ("over by {amount}", "超出 {amount}"),
        "soft": ("soft bound {bound}: {missed}", "软限值 {bound}：{missed}"),
        "growth": ("limits growth from period to period", "限制相邻时段之间的增长"),
        "priced": ("priced at {price}", "定价 {price}"),
        "free": ("bound {bound}, does not bind", "限值 {bound}，不起作用"),
        "binding": (
            "binds at {bound}; raising the bound is worth {price}",
            "已达限值 {bound}；限值每提高一单位的价值为 {price}",
        ),
        # the verdict
        "certificate": (
            "primal {primal}, dual {dual}, gap {gap}",
            "原始残差 {primal}，对偶残差 {dual}，间隙 {gap}",
        ),
        "found_by": ("{method} ({why})", "{method}（{why}）"),
        "count_more": ("… {count} more", "…… 另有 {count} 行"),
        "count_more_all": ("… {count} more (--all)", "…… 另有 {count} 行（--all）"),
    },
    common,
)
"""caveats of a result, how its policies came out, and its verdict"""
