"""What is said of plans near the optimum, in both languages."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

alternatives_phrases = Phrases(
    {
        "every_end": ("every end is certified", "各端点均已验证"),
        "ends_unknown": ("some ends are not known", "部分端点未知"),
        "looked_at_least": ("looked at: plans with at least {value}", "考察范围：不低于 {value} 的方案"),
        "looked_at_most": ("looked at: plans with at most {value}", "考察范围：不高于 {value} 的方案"),
        "held": ("held: {stage} {value}", "保持不变：{stage} {value}"),
        "what": ("what", "对象"),
        "now": ("in the answer", "当前解"),
        "free": ("free", "自由度"),
        "without_limit": ("without limit", "无限"),
        "free_is": (
            "free: from least to most, as a share of the capacity or the limit, or of the most where there is none",
            "自由度：从最小到最大的幅度，占产能或限值的份额；没有限值时占最大值的份额",
        ),
        "left_out": (
            "{count} flows of less value are left out: name what you ask about with --of",
            "略去价值较小的 {count} 项流量：可用 --of 指定",
        ),
        "proved": (
            "{count} ends certified, the worst with primal {primal}, dual {dual}, gap {gap}",
            "已验证 {count} 个端点，最差为原始残差 {primal}，对偶残差 {dual}，间隙 {gap}",
        ),
        "least_unknown": ("{what}: the least is not known: {why}", "{what}：最小值未知：{why}"),
        "most_unknown": ("{what}: the most is not known: {why}", "{what}：最大值未知：{why}"),
    },
    common,
)
"""near-optimal alternatives as a table and its notes"""
