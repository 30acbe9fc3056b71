"""What limits are called, and what moving one brings, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

limit_fields = Phrases(
    {
        "capacity": ("capacity of {thing}", "{thing}的产能"),
        "room": ("capacity of {thing}", "{thing}的库容"),
        "availability": ("available capacity of {thing}", "{thing}的可用产能"),
        "to": ("step of load of {thing}", "{thing}的负荷段"),
        "min_load": ("minimum load of {thing}", "{thing}的最低负荷"),
        "fix": ("fixed run of {thing}", "{thing}的给定运行量"),
        "max": ("largest {offer} of {thing}", "{thing}的最大{offer}"),
        "min": ("least {offer} of {thing}", "{thing}的最小{offer}"),
        "pace": ("pace of building {thing}", "{thing}的建设进度"),
        "retire": ("closing of {thing}", "{thing}的退役"),
        "ramp": ("change of the run of {thing} between periods", "{thing}相邻时段的负荷变化"),
        "fill_rate": ("filling rate of {thing}", "{thing}的入库速率"),
        "draw_rate": ("drawing rate of {thing}", "{thing}的出库速率"),
        "initial": ("opening level of {thing}", "{thing}的期初库存"),
        "end": ("closing level of {thing}", "{thing}的期末库存"),
        "max_share": ("largest share of {thing} in {slot}", "{slot}中{thing}的最大份额"),
        "min_share": ("least share of {thing} in {slot}", "{slot}中{thing}的最小份额"),
    }
)
"""fields of the language that limit, by their key"""
limit_offers = Phrases(
    {
        "buy": ("purchase", "外购量"),
        "sell": ("sale", "外售量"),
        "discard": ("disposal", "处置量"),
        "run": ("run", "运行量"),
        "build": common["new_capacity"],
        "links": ("flow", "输送量"),
    }
)
"""what a `max` or `min` counts, by the block that it stands in"""
limit_phrases = Phrases(
    {
        "constraint": ("constraint {name} of the extension", "扩展约束 {name}"),
        "policy_named": ("policy {name}", "政策 {name}"),
        "policy_growth": ("growth per year under policy {name}", "政策 {name} 的年增长率"),
        "policy_bank": ("bank of policy {name}", "政策 {name} 的结余配额"),
        "route_pace": ("pace of building route {name}", "线路{name}的建设进度"),
        "route_build": ("largest new capacity of route {name}", "线路{name}的最大新增运力"),
        "route": ("capacity of route {name}", "线路{name}的运力"),
        "transport": ("capacity of transport by {name}", "{name}的运输能力"),
        "return": ("return of {name}", "{name}的回流量"),
        "budget": ("investment budget", "投资预算"),
        "budget_of": ("investment budget of {name}", "{name}的投资预算"),
        "at": ("{what} at {park}", "{what}（{park}）"),
        "slot": ("slot {slot} of {process}", "{process}的 {slot} 槽位"),
        "content": ("content of {what} in {slot}", "{slot}中 {what} 的含量"),
        "in_slot": ("{thing} in {slot}", "{slot}中的{thing}"),
        "the": ("the {what}", "{what}"),
        "placed": ("{what} ({where})", "{what}（{where}）"),
        "at_park": (" at {park}", "（{park}）"),
        "in_period": (" in period {period}", "（时段 {period}）"),
        "binds_hardest": ("What binds hardest", "最紧的约束"),
        # the objective
        "both": ("{one} and {other}", "{one}与{other}"),
        "weighted": ("the weighted sum", "加权和"),
        "least_of_park": ("the least {what} of a park", "各园区中最小的{what}"),
        "largest_of_park": ("the largest {what} of a park", "各园区中最大的{what}"),
        # what a move brings
        "adds": ("adds {gain} to {target}", "{target}增加 {gain}"),
        "takes": ("takes {gain} from {target}", "{target}减少 {gain}"),
        "saves": ("saves {gain} of {target}", "{target}节约 {gain}"),
        "costs": ("costs {gain} of {target}", "{target}多出 {gain}"),
        "nothing": ("changes nothing", "目标不变"),
        "binds": (
            "{what} binds at {bound}: one {unit} {more} {effect}, 1 % {more} {percent}",
            "{what}已达 {bound}：每{more} 1 {unit}，{effect}；{more} 1 % 为 {percent}",
        ),
        "binds_fixed": (
            "{binds}, before its fixed cost of {fixed} a {unit}",
            "{binds}；未计每 1 {unit} 的固定成本 {fixed}",
        ),
        "binds_share": (
            "{what} binds at {bound}: one percentage point {more} {effect}",
            "{what}已达 {bound}：每{more}一个百分点，{effect}",
        ),
    },
    common,
)
"""limits in words, and what one more or less of them is worth"""
