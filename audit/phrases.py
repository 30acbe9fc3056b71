"""What is said beside the tables of comparisons, ledgers, measures, shares and robustness, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases
from ..reports.words import common

comparison_phrases = Phrases(
    {
        "per_year": (
            "periods are not of one length together ({told}): amounts are divided by it and stand per year",
            "各方案时段总长不同（{told}）：数量已除以总长，按每年列出",
        ),
        "goals_differ": (
            "the sides do not optimise the same: their shadow prices are not compared",
            "各方案的优化目标不同：不比较其影子价格",
        ),
        "no_baseline": (
            "the baseline `{name}` has no answer: there are no differences",
            "基准 `{name}` 无解：没有差值",
        ),
        "lonely_park": (
            "park {parks}: on one side only, so plants, flows and prices there have nothing to be compared with",
            "园区 {parks} 仅在一个方案中出现，其装置、物流和价格无可比对象",
        ),
        "lonely_parks": (
            "parks {parks}: on one side only, so plants, flows and prices there have nothing to be compared with",
            "园区 {parks} 各仅在一个方案中出现，其装置、物流和价格无可比对象",
        ),
        "no_inputs": (
            "inputs are not compared for {names}: the case file is not at hand",
            "未比较 {names} 的输入：没有案例文件",
        ),
        "not_looked": (
            "{names}: with whole numbers, flows are not looked at for other answers that are as good",
            "{names}：含整数变量，未检查流量是否另有同样好的解",
        ),
        "units_differ": ("in different units: {units}", "单位不同：{units}"),
        "counted_otherwise": (
            "the sides count it differently: its definition differs in the inputs",
            "各方案的计算口径不同：输入中其定义不同",
        ),
        "products": (
            "park {park} sells {count} products: its totals are not split among them, for no rule of allocation is "
            "stated; the plants that make one can be told",
            "园区 {park} 外售 {count} 种产品：未给出分摊规则，总量不在产品之间分摊；但可列出生产某一产品的装置",
        ),
        "no_products": (
            "products are not told from other materials: no case file is at hand",
            "无法区分产品与其他物料：没有案例文件",
        ),
        "otherwise": (
            "the factors of the account are at hand only where the case is",
            "只有具备案例文件时才知道核算系数",
        ),
        "changing": (
            "the factors of the account are not the same in all periods",
            "各时段的核算系数不同",
        ),
        "of_plants": ("{indicator}, its plants", "{indicator}，生产装置"),
        "of_park": ("{indicator}, the park", "{indicator}，全园区"),
        "not_stated": ("{text} (not stated)", "{text}（未写明）"),
        # marks of saved results
        "other_version": (
            "made by parkloop {saved}, this is {own}: figures may be counted otherwise",
            "由 parkloop {saved} 生成，当前为 {own}：数值的计算口径可能不同",
        ),
        "unknown_version": ("of unknown version", "未知版本"),
        "extended": ("with constraints of the user's own ({name})", "含用户约束（{name}）"),
        "no_case_file": (
            "inputs not checked: no case file `{case}` was given (--inputs)",
            "未核对输入：未给出案例文件 `{case}`（--inputs）",
        ),
        "no_fingerprint": (
            "inputs not checked: the result does not tell what it was made from",
            "未核对输入：结果未记录其输入",
        ),
        "stale": (
            "stale: made from other inputs than {file} now has; which ones, it does not tell",
            "已过期：生成时的输入与 {file} 现有内容不同；结果未记录具体差异",
        ),
        # the boundary of a saving
        "boundary_unknown": (
            "the boundary is not known: the case file is not at hand",
            "边界未知：没有案例文件",
        ),
        "park_named": ("park {park}", "园区 {park}"),
        "parks_counted": ("{count} parks", "{count} 个园区"),
        "within": (
            "within: {parks} with {plants} plants, over {years} a; what is bought, sold and discarded crosses the "
            "boundary, and all indicators are counted there",
            "边界：{parks}，共 {plants} 套装置，时间跨度 {years} a；"
            "外购、外售和处置的物料跨越边界，各项指标均在边界上核算",
        ),
        "no_exchange": ("no by-product or waste changes hands", "副产物和废物均不交换"),
        "exchange": ("exchange: {level}", "交换范围：{level}"),
        "same_but": (
            "`{name}`: {level}; plants, offers, prices and policies are the same but for the inputs listed",
            "`{name}`：{level}；除所列输入外，装置、购销、价格和政策均相同",
        ),
        "beyond": (
            "not only exchange: {count} other statements differ between the sides, so a saving is not that of exchange "
            "alone",
            "不止交换：各方案间另有 {count} 处输入不同，节约不能只归于交换",
        ),
        "beyond_one": (
            "not only exchange: {count} other statement differs between the sides, so a saving is not that of exchange "
            "alone",
            "不止交换：各方案间另有 {count} 处输入不同，节约不能只归于交换",
        ),
        "not_known": (
            "whether nothing but exchange differs is not known: not all inputs are at hand",
            "是否仅交换不同未知：输入不全",
        ),
        "only": (
            "nothing but {keys} differs between the sides, so a saving is that of exchange",
            "各方案间仅 {keys} 不同，节约即交换所带来的节约",
        ),
        "nothing_differs": (
            "nothing differs between the sides: the case has no exchange to take away",
            "各方案没有不同：案例中没有可取消的交换",
        ),
    },
    common,
)
"""notes of a comparison, and the boundary of what is saved"""

ledger_phrases = Phrases(
    {
        "none": ("nothing is exchanged in this answer", "此解中没有交换"),
        "no_energy": (
            "what exchanges spare in energy is not computable because the case has no indicator of it; include "
            "parkloop:library/accounting.yaml, or state one",
            "无法计算交换节约的能源：案例没有能源指标；请引用 parkloop:library/accounting.yaml，或自行给出指标",
        ),
        "no_emissions": (
            "what exchanges spare of emissions is not computable because the case has no indicator of it; include "
            "parkloop:library/accounting.yaml, or state one",
            "无法计算交换减少的排放：案例没有排放指标；请引用 parkloop:library/accounting.yaml，或自行给出指标",
        ),
        "in_rest": (
            "where what an exchange spares is not computable, its value holds what it costs but not what it brings: "
            "that is in the rest",
            "无法计算某项交换的节约时，其价值只含费用而不含收益：收益计入其余项",
        ),
        "loose": (
            "amounts marked ~ are not unique: another answer with the same objective exchanges other amounts",
            "标 ~ 的数量不唯一：目标值相同的其他解中交换量不同",
        ),
        "split": (
            "amounts marked * are shares in proportion, for several plants supply and several take",
            "标 * 的数量为按比例分摊：有多套装置供给、多套装置接收",
        ),
        "displaces_nothing": (
            "purchase: it takes the place of nothing that is bought",
            "采购：未替代任何外购物料",
        ),
        "makes_none": (
            "disposal: {place} makes none of it without exchange",
            "处置：无交换时 {place} 不产生该物料",
        ),
        "still": (
            "purchase: {plant} stands still without exchange, so what it would have bought is not known",
            "采购：无交换时 {plant} 停运，其本应采购的数量未知",
        ),
    }
)
"""notes of a ledger, and why what an exchange spares is not computable"""

measure_phrases = Phrases(
    {
        "goals": (
            "the plans optimise {goals}, not profit alone; costs are what they leave of profit",
            "各方案的优化目标为 {goals}，不只是利润；成本按其减少的利润计",
        ),
        "ties": (
            "without measures, other plans are as good and have other totals; the tie is broken by a fixed rule",
            "无措施时另有同样好而总量不同的方案；按固定规则择一",
        ),
        "whole": (
            "numbers are whole: differences within the gap that the search allows mean nothing",
            "含整数变量：小于搜索允许间隙的差异没有意义",
        ),
        "exclude": (
            "not all can be taken together: {pairs} exclude each other",
            "不能全部同时采取：{pairs} 互斥",
        ),
        "excluded": ("excluded by {names}", "与 {names} 互斥"),
        "unanswered": ("{status}: {reason}", "{status}：{reason}"),
    },
    common,
)
"""notes on measures, and why one is no step of the curve"""

share_phrases = Phrases(
    {
        "nobody": ("where nobody exchanges with another: {reason}", "各方均不交换时：{reason}"),
        "some": ("where only {who} exchange with each other: {reason}", "仅 {who} 之间交换时：{reason}"),
    }
)
"""why a coalition has no answer"""

robustness_phrases = Phrases(
    {
        "scenario": ("scenario {name}: {reason}", "情景 {name}：{reason}"),
        "not_again": ("the case as it stands was not answered again", "案例按现状未能再次求解"),
    }
)
"""why a finding has no robustness"""

circularity_phrases = Phrases(
    {
        "access": ("the lists of {systems} are {access}, not read", "{systems} 的指标表为{access}，未查阅原文"),
        "loose": (
            "amounts marked ~ are not unique: another answer with the same objective has others",
            "标 ~ 的数量不唯一：目标值相同的其他解中数值不同",
        ),
        "calorific": ("Σ (bought − sold) · heating value", "Σ（外购 − 外售）· 热值"),
        "equivalent": (
            "as above, electricity at the coal burnt for it",
            "同上，电力按发电煤耗折算",
        ),
        "no_indicator": (
            "the case has no indicator `{key}`; include parkloop:library/accounting.yaml",
            "案例没有指标 `{key}`；请引用 parkloop:library/accounting.yaml",
        ),
        "no_energy": ("no energy is taken in", "没有能源投入"),
        "no_water": ("no fresh water is taken in", "没有新鲜水投入"),
        "no_value_added": ("value added is not positive", "增加值不为正"),
        "money": (
            "value added is in {money}, and no rate to CNY is assumed",
            "增加值以 {money} 计，未假定其对 CNY 的汇率",
        ),
        "no_tce": ("the case has no indicator `energy_calorific` in tce", "案例没有以 tce 计的指标 `energy_calorific`"),
        "no_fresh_water": ("the case has no material `fresh_water` in t", "案例没有以 t 计的物料 `fresh_water`"),
        "no_effluents": ("the case has none of the materials {names}", "案例没有物料 {names}"),
        "no_solid": ("no material that is tagged `solid` is made", "没有产生标签为 `solid` 的物料"),
        "no_mass": ("{name} is counted in {unit}, not by mass", "{name} 以 {unit} 计，不按质量计"),
    },
    common,
)
"""notes on circularity, and why an indicator is not computable"""
