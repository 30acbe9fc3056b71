"""What a limit, a material, a plant or an offer is worth, how far that holds and what binds then, in both languages."""

from __future__ import annotations

from ..flows.wording import Phrases
from .limit_phrases import limit_phrases

worth_phrases = Phrases(
    {
        # one unit more, one unit less
        "point": ("one percentage point", "一个百分点"),
        "one": ("one {unit}", " 1 {unit}"),
        "impossible": ("{one} {more} is not possible", "无法再{more}{one}"),
        "moves": ("{one} {more} {effect}", "{more}{one}，{effect}"),
        "by": ("{said} ({by})", "{said}（{by}）"),
        "until": ("{said}, until {until}", "{said}，直至 {until}"),
        "until_then": ("{said}, until {until}, then {then}", "{said}，直至 {until}，其后{then}"),
        "between": (
            "so its price is at least {low} and at most {high}",
            "因此其价格不低于 {low}、不高于 {high}",
        ),
        "is": ("{what}{when} is {figure} ({where})", "{what}{when}为 {figure}（{where}）"),
        "figure_in_all": ("{figure}, in all {total}", "{figure}，合计 {total}"),
        "what_when": ("{what}{when}", "{what}{when}"),
        "fixed": (
            "besides, the fixed cost of each {unit} {effect}, whether it is used or not",
            "此外，每 1 {unit} 的固定成本使{effect}（无论是否使用）",
        ),
        # what a marginal unit changes
        "buying": ("buying {amount} {more} {material}", "外购{material}{more} {amount}"),
        "selling": ("selling {amount} {more} {material}", "外售{material}{more} {amount}"),
        "discarding": ("discarding {amount} {more} {material}", "处置{material}{more} {amount}"),
        # what binds next
        "then_binds": ("{what} binds{when} ({where})", "{what}{when}起作用（{where}）"),
        "worst_off": ("{park} is the worst off too", "{park}也成为最差的园区"),
        "stage_binds": ("stage {number} of the objective binds", "目标的第 {number} 阶段起作用"),
        "all_closed": ("all of {what} is closed{when}", "{what} 全部退役{when}"),
        "stands": ("{plant} stands still", "{plant}停运"),
        "no_more": ("no more {material} is {done}", "{material}不再{done}"),
        "no_more_step": ("no more {material} is {done} at that step", "{material}不再按该价段{done}"),
        "taken_in": ("taken in", "取自环境"),
        "given_off": ("given off", "排入环境"),
        "no_more_into": ("no more {material} goes into {plant}", "{plant}不再使用{material}"),
        "no_more_passes": ("no more {material} passes from {giver} to {taker}", "{material}不再由{giver}供给{taker}"),
        "empty": ("{store} is empty", "{store}已空"),
        "short": ("policy {what} no longer falls short", "政策 {what} 不再欠缺"),
        "over": ("policy {what} is no longer exceeded", "政策 {what} 不再超出"),
        "paid": ("nothing more is paid at the step {what} of its policy", "政策的价段 {what} 不再计费"),
        "kept": ("nothing more is kept under policy {what}", "政策 {what} 下不再结余"),
        "new": ("no new capacity of {what} stands", "{what} 没有新增产能"),
        "build": ("no new capacity of {what} is built", "{what} 不再新建产能"),
        "retire": ("no more of {what} is closed", "{what} 不再退役"),
        "closed": ("nothing of {what} is closed", "{what} 没有退役"),
        "nothing_sold": (
            "nothing more of what policy {what} leaves is sold",
            "政策 {what} 的余量不再出售",
        ),
    },
    limit_phrases,
)
"""worth of limits and supplies"""

answer_phrases = Phrases(
    {
        # titles
        "residues_matter": ("By-products and wastes that matter most", "影响最大的副产物与废物"),
        # flows
        "flow": ("{what} {value}", "{what} {value}"),
        "flow_range": (
            "{what} {value}, anything from {least} to {most} is as good",
            "{what} {value}，{least} 至 {most} 之间同样好",
        ),
        "run_of": ("run of {plant}", "{plant}运行量"),
        "made_by": ("made by {plant}", "由{plant}产生"),
        "used_by": ("used by {plant}", "由{plant}利用"),
        "dealt": ("{material} {done}", "{material}{done}"),
        "dealt_at": ("{material} {done} at {park}", "{park}{material}{done}"),
        # notes
        "none_binds": ("Nothing binds: no limit would be worth moving", "没有起作用的约束：放宽任何限值都没有价值"),
        "supply": ("{material} at {place}{when}", "{place}的{material}{when}"),
        "spread": (", spread evenly", "（均匀分布）"),
        "not_done": (
            "{material} is not {done} at {price} ({where})",
            "{material}未按 {price} {done}（{where}）",
        ),
        "cannot": ("{head}, and cannot be", "{head}，也无法如此"),
        "each": ("{head}: each {unit} {effect}", "{head}：每 1 {unit}，{effect}"),
        "could": ("{head}, but could be: it would change nothing", "{head}，但可以如此：目标不变"),
        "paid_more": (
            "{head}: it would be if somebody paid more than {price} for that",
            "{head}：若对方支付高于 {price}，则会如此",
        ),
        "above": ("{head}: it would be above {price}", "{head}：价格高于 {price} 时才会如此"),
        "below": ("{head}: it would be below {price}", "{head}：价格低于 {price} 时才会如此"),
        "no_plant_limit": (
            "{plant} runs at {amount}; none of its limits binds: more of them is worth nothing",
            "{plant}运行量为 {amount}；其各项限值均不起作用，放宽没有价值",
        ),
        "still": ("{plant} stands still ({where})", "{plant}停运（{where}）"),
        "cannot_run": (
            "{head} and cannot run: something that it needs cannot be had, or what it makes cannot go",
            "{head}，且无法运行：其所需物料无法获得，或其产出没有去向",
        ),
        "could_run": ("{head}, but could run: it would change nothing", "{head}，但可以运行：目标不变"),
        "each_run": ("{head}: each {unit} of run {effect}", "{head}：每运行 1 {unit}，{effect}"),
        "would_run": (
            "{said}; it would run if a {unit} of run cost {loss} less",
            "{said}；若每 {unit} 的运行成本降低 {loss}，则会运行",
        ),
        "would_run_sold": (
            "{said}; it would run if {material} sold above {needed} (now {price}), all else as it is, or if a {unit} "
            "of run cost {loss} less",
            "{said}；其他条件不变，若{material}售价高于 {needed}（现为 {price}），"
            "或每 {unit} 的运行成本降低 {loss}，则会运行",
        ),
        "would_run_bought": (
            "{said}; it would run if {material} could only be bought above {needed} (now {price}), all else as it is, "
            "or if a {unit} of run cost {loss} less",
            "{said}；其他条件不变，若{material}只能以高于 {needed}（现为 {price}）的价格购得，"
            "或每 {unit} 的运行成本降低 {loss}，则会运行",
        ),
        "left": ("left for the capacity and other limits", "归于产能及其他约束"),
        "counts_nothing": ("what policy {name} counts has no value", "政策 {name} 所计的量没有值"),
        "counts": ("what policy {name} counts is {value}", "政策 {name} 所计的量为 {value}"),
        "charges": ("policy {name} charges {price}", "政策 {name} 收取 {price}"),
        "pays": ("policy {name} pays {price}", "政策 {name} 支付 {price}"),
        "no_bound": ("no bound of it binds", "其限值均不起作用"),
        "nothing_at": (
            "nothing at `{path}` binds: moving it would not change {target}",
            "`{path}` 处没有起作用的约束：变动它不会改变{target}",
        ),
        "left_on": (
            "prices hold with every plant left on or off as it is",
            "价格在各装置启停状态不变时成立",
        ),
        "compiled": ("compiled, not solved", "已编译，未求解"),
        # the table of a plant
        "one_unit": ("one unit of run", "单位运行量"),
        "at_prices": ("at shadow prices", "按影子价格计"),
    },
    worth_phrases,
)
"""what is said of an answer, by `parkloop explain`"""
