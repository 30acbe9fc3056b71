"""What `parkloop show` says in its cells and titles beside the words of the language, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

contents_phrases = Phrases(
    {
        # titles
        "per": ("{key}: per {amount}", "{key}：每 {amount}"),
        "sources_of": ("Sources (confidence: {confidence})", "来源（可信度：{confidence}）"),
        "closure": ("Closure (allowed {allowed})", "平衡（允许偏差 {allowed}）"),
        "closure_because": ("Closure (allowed {allowed}: {because})", "平衡（允许偏差 {allowed}：{because}）"),
        "worst": ("{title}, worst with {options}", "{title}，最差选项 {options}"),
        "nothing": ("  (nothing)", "  （无）"),
        # cells
        "uses": ("uses", "投入"),
        "makes": ("makes", "产出"),
        "option_uses": ("{option} uses", "{option} 投入"),
        "option_makes": ("{option} makes", "{option} 产出"),
        "input": ("input", "投入"),
        "output": ("output", "产出"),
        "slot option": ("slot option", "槽位选项"),
        "mass": ("mass", "质量"),
        "density": ("density", "密度"),
        "formula": ("formula", "化学式"),
        "flow": ("flow", "流量"),
        "price_to": ("price {price} up to {most}", "价格 {price}，至 {most}"),
        "to": ("{price} to {most}", "{price}，至 {most}"),
        "modes": ("modes {modes}", "模式 {modes}"),
        "campaigns": ("campaigns", "轮换生产"),
        "load_to": ("steps of load up to {steps}", "负荷段至 {steps}"),
        "ordered": ("ordered", "按顺序"),
        "on_off": ("on or off, min_load {load}", "启停，min_load {load}"),
        "build_at": ("build at {cost}", "新建 {cost}"),
        "may_retire": ("may retire", "可退役"),
        "adds_of": ("adds {value} of {name}", "附加 {name} {value}"),
        "and_back": ("{end} and back", "{end}，往返"),
        "by_places": ("by the places of the parks", "按园区位置"),
        "taken_all": common["all"],
        "taken_most": ("at most", "至多"),
    },
    common,
)
"""cells and titles of what a case contains"""
