"""What a case became, in English and Chinese: blocks, ranges and extreme coefficients of its program."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

compiled_phrases = Phrases(
    {
        "coefficients": ("coefficients", "系数"),
        "costs": ("costs", "目标系数"),
        "column_bounds": ("bounds of columns", "列的界"),
        "row_sides": ("sides of rows", "行的界"),
        "size": (
            "{columns} columns, {rows} rows, {nonzeros} coefficients{periods}{whole}",
            "{columns} 列，{rows} 行，{nonzeros} 个系数{periods}{whole}",
        ),
        "over_periods": (" over {count} periods", "，{count} 个时段"),
        "of_whole": (", {count} of the columns whole numbers", "，其中 {count} 列为整数"),
        "scales": (
            "one unit of the program is {flow} units of flow, {objective} {unit} of the objective",
            "规划中的一个单位等于 {flow} 个流量单位、目标的 {objective} {unit}",
        ),
        "range": (
            "{what} range over a factor of {factor}, from {least} to {most}",
            "{what}相差 {factor} 倍，从 {least} 到 {most}",
        ),
        "range_places": (
            "{said}: {places}; count one of the materials in another `unit`, or drop what is negligible",
            "{said}：{places}；请为其中一种物料改用其他 `unit`，或去掉可忽略的数值",
        ),
        "place_smallest": ("the smallest is {value} ({where})", "最小为 {value}（{where}）"),
        "place_largest": ("the largest is {value} ({where})", "最大为 {value}（{where}）"),
        "warning": ("warning", "警告"),
        "block": ("block", "块"),
        "count": ("count", "个数"),
        "whole": ("whole", "整数"),
        "columns": ("columns", "列"),
        "rows": ("rows", "行"),
        "figures": ("figures", "数值"),
        "coefficient": ("coefficient", "系数"),
        "in": ("in", "所在"),
        "lines": ("lines", "出处"),
        "file": ("file", "文件"),
        "smallest": ("smallest", "最小"),
        "largest": ("largest", "最大"),
    },
    common,
)
"""words of a compile report"""
