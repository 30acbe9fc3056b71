"""Loops that improve an objective without limit, and what would limit them, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases
from .limit_phrases import limit_phrases

endless_phrases = Phrases(
    {
        "gain_adds": (
            "each {unit} of {what} adds {gain} to {target}, without limit",
            "{what}每 1 {unit} 使{target}增加 {gain}，且无限度",
        ),
        "gain_takes": (
            "each {unit} of {what} takes {gain} from {target}, without limit",
            "{what}每 1 {unit} 使{target}减少 {gain}，且无限度",
        ),
        "dealt": ("{material} {done}", "{done}的{material}"),
        "run_of": ("the run of {plant}", "{plant}的运行"),
        "loop": ("this loop", "此循环"),
        "chain": ("{gain}: {steps}", "{gain}：{steps}"),
        "limit_one": ("limit one of: {limits}", "请限制其中之一：{limits}"),
        "no_field": ("no field of the case limits it", "案例中没有可限制它的字段"),
        # steps
        "falls_below": (
            "fall below policy {policy} by {amount}{when} at {money}",
            "低于政策 {policy} {amount}{when}，代价 {money}",
        ),
        "exceeds": (
            "exceed policy {policy} by {amount}{when} at {money}",
            "超过政策 {policy} {amount}{when}，代价 {money}",
        ),
        "pays_above": (
            "pay for what exceeds the allowance of policy {policy} by {amount}{when} at {money}",
            "超过政策 {policy} 免费额度 {amount}{when}，付费 {money}",
        ),
        "take_in": ("take in {amount} of {material}{at}{when}", "取自环境：{material} {amount}{at}{when}"),
        "give_off": ("give off {amount} of {material}{at}{when}", "排入环境：{material} {amount}{at}{when}"),
        "buy": ("buy {amount} of {material} {terms}{at}{when}", "外购{material} {amount}，{terms}{at}{when}"),
        "sell": ("sell {amount} of {material} {terms}{at}{when}", "外售{material} {amount}，{terms}{at}{when}"),
        "discard": ("discard {amount} of {material} {terms}{at}{when}", "处置{material} {amount}，{terms}{at}{when}"),
        "for": ("for {money}", "单价 {money}"),
        "being_paid": ("being paid {money}", "获付 {money}"),
        "at_money": ("at {money}", "单价 {money}"),
        "run": ("run {plant} by {amount}{when}", "{plant}运行 {amount}{when}"),
        "run_at": ("run {plant} by {amount} at {money}{when}", "{plant}运行 {amount}，单位成本 {money}{when}"),
        "ship": ("ship {amount} of {material} by {route}{when}", "经{route}运送{material} {amount}{when}"),
        "policy_pays": ("policy {policy} pays {money}", "政策 {policy} 支付 {money}"),
        "policy_takes": ("policy {policy} takes {money}", "政策 {policy} 收取 {money}"),
        # on paper
        "to_limit": ("To limit it, limit one of:", "如要限制，请限制下列之一："),
        "no_field_sentence": ("No field of the case limits it.", "案例中没有可限制它的字段。"),
        "change": ("This change gives it an answer", "下列改动可使其有解"),
        "more_said": ("parkloop explain says more.", "详见 parkloop explain。"),
        "not_enough": (" (not enough by itself)", "（单独不足）"),
        "no_limit": (
            "No limit that the case states is in the way; see whether its recipes can close at all.",
            "案例所给的限值均不构成妨碍；请检查其配方能否闭合。",
        ),
        "own_figures": (" (put your own figures):", "（请代入您自己的数值）："),
    },
    limit_phrases,
)
"""explanations of a case without an end"""
