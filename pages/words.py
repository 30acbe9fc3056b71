"""Words of the page in English and Chinese."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]

_WORDS: dict[str, tuple[str, str]] = {
    # places and things
    "park": ("Park", "园区"),
    "plant": ("Plant", "装置"),
    "company": ("Company", "企业"),
    "material": ("Material", "物料"),
    "class": ("Class", "类别"),
    "unit": ("Unit", "单位"),
    "value": ("Value", "数值"),
    "total": ("Total", "合计"),
    "amount": ("Amount", "数量"),
    "price": ("Price", "价格"),
    "from": ("From", "来自"),
    "to": ("To", "去向"),
    "where": ("Where", "位置"),
    "period": ("Period", "时段"),
    "capacity": ("Capacity", "能力"),
    "share": ("Share", "份额"),
    "indicator": ("Indicator", "指标"),
    "thing": ("For", "对象"),
    "line": ("Stated at", "出处"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    # sections
    "summary": ("Summary", "摘要"),
    "picture": ("Flows", "物流图"),
    "comparison": ("Comparison of scenarios", "情景对比"),
    "totals": ("Totals", "总量"),
    "money_table": ("Revenue and cost, item by item", "收入与成本明细"),
    "plants": ("Plants", "装置运行"),
    "changes": ("Built and closed", "新建与退役"),
    "residues_table": ("By-products and wastes: what became of them", "副产物与废物去向"),
    "exchanges": ("Exchanges between companies and parks", "企业间与园区间交换"),
    "prices": ("Shadow prices", "影子价格"),
    "limits": ("What binds", "起作用的约束"),
    "policies": ("Policies", "政策"),
    "companies": ("Accounts of the companies", "各企业账目"),
    "balances": ("Balance of each plant", "各装置物料平衡"),
    "norms": ("Beside the standards", "与能耗限额标准对照"),
    "sources": ("Where the figures come from", "数据来源"),
    "proof": ("Certificate", "验证"),
    "again": ("How to reproduce", "如何复现"),
    "contents": ("Contents", "目录"),
    # summary
    "report_of": ("Report", "报告"),
    "base": ("Base case", "基准情景"),
    "scenario": ("Scenario", "情景"),
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
    "optimal": ("optimal", "最优"),
    "infeasible": ("infeasible", "不可行"),
    "unbounded": ("unbounded", "无界"),
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
    "view_plants": ("Plants", "各装置"),
    "view_companies": ("Companies", "各企业"),
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
    "gets": ("in", "流入"),
    "gives": ("out", "流出"),
    "what": ("Material", "物料"),
    "bought": ("bought", "外购"),
    "sold": ("sold", "外售"),
    "discarded": ("discarded", "处置"),
    "emitted": ("to air or water", "排入大气或水体"),
    "environment_in": ("from the environment", "取自环境"),
    "environment_out": ("to the environment", "排入环境"),
    "lost": ("lost", "损失"),
    "stored": ("stored", "入库"),
    "to_park": ("to {park}", "运往{park}"),
    "from_park": ("from {park}", "来自{park}"),
    "class_raw": ("raw material", "原料"),
    "class_product": ("product", "产品"),
    "class_byproduct": ("by-product", "副产物"),
    "class_waste": ("waste", "废物"),
    "class_utility": ("utility", "公用工程"),
    "class_emission": ("emission", "排放物"),
    "class_environment": ("air and water of the environment", "环境介质"),
    "class_mixed": ("several materials", "多种物料"),
    # tables
    "account": ("Account", "科目"),
    "item": ("Item", "项目"),
    "profit": ("Profit", "利润"),
    "revenue": ("revenue", "收入"),
    "cost": ("cost", "成本"),
    "item_sale": ("sale", "销售"),
    "item_receipt": ("received for taking away", "处置收入"),
    "item_purchase": ("purchase", "采购"),
    "item_disposal": ("disposal", "处置费"),
    "item_variable": ("variable cost", "可变成本"),
    "item_fixed": ("fixed cost", "固定成本"),
    "item_link": ("link", "管廊"),
    "item_transport": ("transport", "运输"),
    "item_start": ("start", "启动"),
    "item_holding": ("holding", "库存"),
    "item_capital": ("capital", "投资"),
    "item_closing": ("closing", "退役费用"),
    "item_policy": ("policy", "政策"),
    "item_extension": ("extension", "扩展"),
    "run": ("Run", "产量/处理量"),
    "load": ("Of capacity", "负荷率"),
    "fate_made": ("Made", "产生"),
    "fate_bought": ("Bought", "外购"),
    "fate_used": ("Used", "利用"),
    "fate_treated": ("Treated", "处理"),
    "fate_sold": ("Sold", "外售"),
    "fate_discarded": ("Discarded", "处置/排放"),
    "fate_stored": ("Stored", "净入库"),
    "fate_exchanged": ("Of it exchanged", "其中企业间交换"),
    "fate_shipped": ("Of it shipped", "其中运往他园"),
    "put_to_use": ("Put to use", "利用率"),
    "residues_table_note": (
        "Made and bought equal used, treated, sold, discarded and stored. Put to use: what is neither discarded nor "
        "treated, of made and bought.",
        "产生与外购之和等于利用、处理、外售、处置与入库之和。利用率：未处置且未处理部分占产生与外购之和的比例。",
    ),
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
    "mean_price": ("Shadow price", "影子价格"),
    "least": ("Least", "最小"),
    "most": ("Most", "最大"),
    "limit": ("Limit", "约束"),
    "percent_more": ("Worth of 1 % more ({unit})", "放宽 1 % 的价值（{unit}）"),
    "limits_note": (
        "Limits that hold the objective back, the one most worth raising first.",
        "限制目标的约束，最值得放宽者在前。",
    ),
    "policy": ("Policy", "政策"),
    "bound": ("Bound", "限值"),
    "policy_price": ("Worth or price per unit", "单位价值或价格"),
    "binds": ("Binds", "起作用"),
    "missed": ("Missed by", "未达量"),
    "change": ("Change", "变动"),
    "capital": ("Capital", "投资"),
    "built": ("built", "新建"),
    "closed": ("closed for good", "退役"),
    "difference": ("Difference", "差值"),
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
    "method": ("Method", "方法"),
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

HEADINGS: dict[str, str] = {
    "source": "来源", "access": "获取方式", "gives": "支持", "cited by": "引用处", "side": "投入/产出",
    "material": "物料",
    "amount": "数量", "range": "范围", "note": "说明", "line": "出处", "slot": "槽位", "need": "需求", "option": "选项",
    "shares": "份额", "balance": "平衡", "in, t": "投入, t", "out, t": "产出, t", "gap": "偏差", "key": "键",
    "park": "园区", "offer": "类型", "price": "价格", "limits": "界限", "confidence": "可信度", "sources": "来源",
    "plant": "装置", "name": "名称", "company": "企业", "capacity": "能力", "runs": "运行", "costs": "费用",
    "process": "工艺", "norm": "限额", "counts": "计量", "uses": "消耗", "advanced": "先进值", "entry": "准入值",
    "limit": "限定值", "unit": "单位", "meets": "达到", "standard": "标准", "because": "原因",
    "Sources": "来源", "Offers": "购销与处置", "Plants": "装置", "Slots": "槽位",
    "Norms: use per unit of product, by-products deducted": "单位产品能耗（扣除副产物）",
}  # fmt: skip
"""headings of tables that `parkloop show` prints in English"""


def words(key: str, language: Language) -> str:
    """Return a word of the page in one language."""
    return _WORDS[key][language == "zh"]


def heading(text: str, language: Language) -> str:
    """Return a heading of `parkloop show` in one language."""
    return HEADINGS.get(text, text) if language == "zh" else text
