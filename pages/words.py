"""Words of the page in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Language as Language
from ..flows.wording import Phrases
from ..reports.result_phrases import result_phrases
from ..reports.words import common, head, heads
from .words_audited import AUDITED

_WORDS: dict[str, tuple[str, str]] = {
    **heads(
        "park", "plant", "company", "material", "class", "unit", "value", "amount", "price", "where", "period",
        "capacity", "share", "indicator", "line", "scenario",
        "account", "item", "profit", "run", "load", "limit", "policy", "bound", "binds",
        "capital", "difference", "product", "fate", "method",
    ),
    # places and things
    "total": ("Total", "合计"),
    "from": ("From", "来自"),
    "to": ("To", "去向"),
    "thing": ("For", "对象"),
    # sections
    "picture": ("Flows", "物流图"),
    "comparison": ("Comparison of scenarios", "情景对比"),
    "money_table": ("Revenue and cost, item by item", "收入与成本明细"),
    "changes": ("Built and closed", "新建与退役"),
    "exchanges": ("Exchanges between companies and parks", "企业间与园区间交换"),
    "prices": common["shadow_prices"],
    "limits": ("What binds", "起作用的约束"),
    "companies": ("Accounts of the companies", "各企业账目"),
    "balances": ("Balance of each plant", "各装置物料平衡"),
    "sources": ("Where the figures come from", "数据来源"),
    "again": ("How to reproduce", "如何复现"),
    "contents": ("Contents", "目录"),
    # summary
    "report_of": ("Report", "报告"),
    "base": ("Base case", "基准情景"),
    "answer_max": ("{goal} of {value}: no plan of this case reaches more.", "{goal} {value}：本案例中没有更高的方案。"),
    "answer_min": ("{goal} of {value}: no plan of this case comes lower.", "{goal} {value}：本案例中没有更低的方案。"),
    "runs": (
        "{running} of {all} plants run; {full} of them at nine tenths of their capacity or more.",
        "{all} 套装置中有 {running} 套运行，其中 {full} 套负荷达九成以上。",
    ),
    "exchanged_sum": (
        "Exchanges between companies or parks, of by-products, products and utilities: {count}.",
        "企业间或园区间的副产物、产品和公用工程交换：{count} 项。",
    ),
    "most_worth": ("Most worth raising: {limit}.", "最值得放宽的约束：{limit}。"),
    "against": (
        "Against “{other}”, {goal} is {difference} {direction}.",
        "与“{other}”相比，{goal}{direction} {difference}。",
    ),
    "higher": ("higher", "增加"),
    "lower": ("lower", "减少"),
    "same": ("Against “{other}”, {goal} is the same.", "与“{other}”相比，{goal}相同。"),
    "no_answer": ("There is no plan: {status}.", "无可行方案：{status}。"),
    "stopped": ("stopped before a proof", "未完成证明即停止"),
    "why": ("Why", "原因"),
    "periods_note": (
        "Figures are totals over {count} periods, each as often as it occurs.",
        "数值为 {count} 个时段按出现次数加权的合计。",
    ),
    "loose_note": (
        "~ marks what is not unique: another plan that is as good has other values there.",
        "~ 表示不唯一：目标值相同的其他方案中数值不同。",
    ),
    # picture
    "layer": ("Layer", "图层"),
    "view": ("View", "视图"),
    "mass": ("Mass", "质量"),
    "residues": ("By-products and wastes", "副产物与废物"),
    "energy": ("Energy", "能量"),
    "carbon": ("Carbon", "碳"),
    "element": ("Element {symbol}", "元素 {symbol}"),
    "money": ("Money", "价值"),
    "mass_note": (
        "Tonnes of all materials that have a mass. Electricity, steam and heat have none.",
        "具有质量的所有物料（吨）；电、蒸汽和热不计质量。",
    ),
    "residues_note": ("Tonnes of materials of class by-product and waste.", "副产物和废物类物料（吨）。"),
    "energy_note": (
        "Energy by the heating value that each material states; materials without one do not count. Steam, heat and "
        "electricity count as energy (electricity at 3.6 GJ/MWh).",
        "按各物料给出的热值计；未给出热值的物料不计。蒸汽、热和电按能量计（电 3.6 GJ/MWh）。",
    ),
    "element_note": (
        "Tonnes of the element, by the composition that each material states. {unknown} of the mass that flows has no "
        "stated composition and does not count.",
        "按各物料给出的组成计算的元素质量（吨）；流动质量中有 {unknown} 未给出组成，不计在内。",
    ),
    "money_note": (
        "What crosses the boundary at what was paid for it, what moves within at its shadow price. A hatched band "
        "has a negative worth: whoever takes it spares others a cost.",
        "跨越边界的按实际支付价计，内部流动按影子价格计。带斜线者价值为负：接收方为他人省去费用。",
    ),
    "money_note_outside": (
        "Only what crosses the boundary, at what was paid for it: the objective is not profit or cost, so shadow "
        "prices are no money.",
        "仅计跨越边界的部分（按实际支付价）：目标不是利润或成本，影子价格不是货币。",
    ),
    "view_plants": common["plants"],
    "view_companies": common["companies"],
    "view_parks": ("Parks and their boundary", "各园区及其边界"),
    "view_between": ("Between the parks", "园区之间"),
    "view_park": ("Inside {park}", "{park}内部"),
    "left_out": (
        "{count} flows too small to draw are left out; together they are {value}. The tables below have all of them.",
        "有 {count} 项过小的流动未画出，合计 {value}；下方表格列出全部。",
    ),
    "all_drawn": ("Every flow is drawn.", "所有流动均已画出。"),
    "nothing_drawn": ("Nothing flows here in this layer.", "此图层中没有流动。"),
    "picture_help": (
        "Point at a band or a box, or reach it with Tab and the arrow keys, to read its value. Bands run from left to "
        "right; a band with a dashed line and an arrow runs back and closes a loop. A grey box is a pool, where "
        "several give a material and several take it.",
        "将指针移到色带或方框上，或用 Tab 和方向键选中，即可读取数值。色带自左向右；"
        "带虚线和箭头的色带向回流动，构成循环。"
        "灰框为物料池：多方供给、多方使用。",
    ),
    "picture_table": ("This picture as a table", "以表格显示此图"),
    "loop": ("loop", "循环"),
    "not_unique": ("not unique", "不唯一"),
    "gets": common["coming_in"],
    "gives": common["going_out"],
    "what": head(common["material"]),
    "discarded": ("discarded", "处置"),
    "emitted": ("to air or water", "排入大气或水体"),
    "environment_in": ("from the environment", "取自环境"),
    "environment_out": ("to the environment", "排入环境"),
    "lost": ("lost", "损失"),
    "to_park": ("to {park}", "运往{park}"),
    "from_park": ("from {park}", "来自{park}"),
    "class_raw": ("raw material", "原料"),
    "class_product": common["product"],
    "class_byproduct": ("by-product", "副产物"),
    "class_waste": ("waste", "废物"),
    "class_utility": ("utility", "公用工程"),
    "class_emission": ("emission", "排放物"),
    "class_environment": ("air and water of the environment", "环境介质"),
    "class_mixed": ("several materials", "多种物料"),
    # tables
    "item_sale": common["sale"],
    "item_receipt": ("received for taking away", "处置收入"),
    "item_purchase": common["purchase"],
    "item_disposal": common["disposal"],
    "item_variable": common["variable"],
    "item_fixed": common["fixed"],
    "item_link": common["link"],
    "item_transport": common["transport"],
    "item_start": common["start"],
    "item_holding": common["holding"],
    "item_capital": common["capital"],
    "item_closing": common["closing"],
    "item_policy": common["policy"],
    "item_extension": common["extension"],
    "worth": ("Worth", "价值"),
    "exchanges_note": (
        "Worth: the amount at the shadow price where it arrives. A negative worth: the taker spares the others a cost.",
        "价值：按到达处影子价格计。价值为负表示接收方为他人省去费用。",
    ),
    "exchanges_note_no_money": (
        "The objective is not profit or cost, so shadow prices are no money and no worth is stated.",
        "目标不是利润或成本，影子价格不是货币，故不列价值。",
    ),
    "prices_note": (
        "What one more unit of the material, there, would change in: {goal}. Only what flows and is worth something.",
        "该处每多一单位物料引起目标（{goal}）的变化；仅列有流动且非零者。",
    ),
    "mean_price": head(common["shadow_price"]),
    "least": ("Least", "最小"),
    "most": ("Most", "最大"),
    "percent_more": ("Worth of 1 % more ({unit})", "放宽 1 % 的价值（{unit}）"),
    "limits_note": (
        "Limits that hold the objective back, the one most worth raising first.",
        "限制目标的约束，最值得放宽者在前。",
    ),
    "policy_price": ("Worth or price per unit", "单位价值或价格"),
    "missed": ("Missed by", "未达量"),
    "change": ("Change", "变动"),
    # comparison
    "saving": ("Saving", "节约"),
    "savings": ("Saved against “{other}”", "相对“{other}”的节约"),
    "savings_note": (
        "More of profit and value added, less of the rest; negative where it does worse.",
        "利润和增加值为增加量，其余为减少量；负值表示变差。",
    ),
    "path": ("Path", "路径"),
    "plants_changed": ("Plants that run otherwise", "运行变化的装置"),
    "capacities_changed": ("Capacity built or closed", "新建或退役的能力"),
    "flows_changed": ("Flows that changed", "变化的物流"),
    "products_changed": ("Products, and what a unit of them takes", "产品及其单位消耗"),
    "measure": ("Measure", "计量"),
    "was_made": common["made"],
    "was_bought": common["bought"],
    "was_received": common["received"],
    "was_used": common["used"],
    "was_sold": common["sold"],
    "was_exchanged": common["exchanged"],
    "was_shipped": common["shipped"],
    "was_discarded": common["discarded"],
    "was_stored": common["stored"],
    "move_same": ("the same", "不变"),
    "move_opens": ("opens", "投运"),
    "move_closes": ("closes", "停运"),
    "move_more": common["more"],
    "move_less": common["less"],
    "move_absent": ("is not there", "不存在"),
    "move_new": ("only there", "仅此有"),
    "move_unknown": ("no answer there", "无解"),
    "cut": (
        "{count} more rows, which `parkloop compare --all` prints.",
        "另有 {count} 行，可用 `parkloop compare --all` 查看。",
    ),
    # balances
    "balances_note": (
        "What each plant that runs takes in and gives out, all periods together. Mass in and out differ at "
        "most as the recipe allows.",
        "各运行装置的投入与产出（全部时段合计）。质量差不超过配方允许值。",
    ),
    "side_in": ("takes in", "投入"),
    "side_out": ("gives out", "产出"),
    "mass_column": ("Mass (t)", "质量 (t)"),
    "mass_in": ("Mass in (t)", "投入质量 (t)"),
    "mass_out": ("Mass out (t)", "产出质量 (t)"),
    "mass_gap": ("Gap", "偏差"),
    # sources
    "sources_note": (
        "Read: seen in the text. Recalled: known, not read again. Computed: derived. An amount without a source here "
        "is an estimate of the case.",
        "read：查阅原文；recalled：凭已知，未复核；computed：推算。未注来源的数值为案例估计。",
    ),
    "recipes": ("Every figure of every recipe that runs", "所有运行配方的每个数值"),
    "access_count": ("{read} sources read, {recalled} recalled, {computed} computed.",
                     "来源：查阅 {read} 项，凭已知 {recalled} 项，推算 {computed} 项。"),
    # proof
    "proof_note": (
        "Recomputed outside the solver from the flows and the prices, in the units of the case.",
        "在求解器之外，用案例单位由流量和价格重新计算。",
    ),
    "holds": ("The certificate holds: every figure is within {tolerance}.", "验证通过：各项均在 {tolerance} 以内。"),
    "fails": ("The certificate does not hold.", "验证未通过。"),
    "primal": ("Largest violation of a row or a bound, relative", "行或界的最大相对违反"),
    "dual": ("Largest dual of the wrong sign, relative", "符号错误的最大对偶值（相对）"),
    "slackness": ("Largest complementary slackness, relative", "最大互补松弛（相对）"),
    "gap": ("Objective against dual objective, relative", "目标与对偶目标之差（相对）"),
    "caveats": ("What every reader must know", "须知"),
    "command": ("Command", "命令"),
    "input_hash": ("SHA-256 of all that was read", "全部输入的 SHA-256"),
    "files": ("Files read", "读取文件数"),
    "settings": ("Settings", "设置"),
    "size": ("Program", "规模"),
    "size_words": (
        "{columns} columns, {rows} rows, {nonzeros} entries",
        "{columns} 列，{rows} 行，{nonzeros} 个非零元",
    ),
    "versions": ("Versions", "版本"),
    "options": ("Options", "选项"),
    "no_script": (
        "Pictures and switches need JavaScript; all tables below are complete without it.",
        "图和切换需要 JavaScript；以下表格不需要。",
    ),
    "figure": ("Figure", "项目"),
    "fold_all": ("Open all tables", "展开所有表格"),
    "dark": ("Light or dark", "明暗切换"),
    "skip": ("Skip to the content", "跳到正文"),
    "print": ("Print", "打印"),
}  # fmt: skip
words = Phrases({**_WORDS, **AUDITED}, result_phrases)
"""words of the page, by key and language"""
