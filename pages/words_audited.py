"""Words of the page's sections that are audited: circularity, the ledger of exchanges, measures, fair shares."""

from __future__ import annotations

from ..audit.abatement_paper import words as abating
from ..reports.words import common, head

AUDITED: dict[str, tuple[str, str]] = {
    # circularity
    "circularity": ("Circularity", "循环利用"),
    "residues_table": common["residues"],
    "residues_table_note": (
        "Made and bought equal used, sold, treated, discarded and stored; what is exchanged and shipped is used or "
        "sold where it arrives. Reuse rate = (made − treated − discarded − stored) / made.",
        "产生与外购之和等于利用、外售、处理、排放处置与贮存之和；交换和外运的部分在到达处利用或外售。"
        "利用率 =（产生 − 处理 − 排放处置 − 贮存）/ 产生。",
    ),
    "official": ("Circularity and energy by official indicators", "官方循环经济与能耗指标"),
    "official_note": (
        "Comprehensive energy by both methods of GB/T 2589, and what of HJ 274-2015 and of the circular-economy index "
        "of 2017 flows of materials answer. Value added is before depreciation, at the prices of the case.",
        "GB/T 2589 两种方法的综合能耗，以及 HJ 274-2015 与 2017 年版循环经济发展评价指标体系中可由物料流计算的指标。"
        "增加值未扣折旧，按案例价格计。",
    ),
    "not_computable": ("Not computable, and why", "不可计算的指标及原因"),
    "source": head(common["source"]),
    "counts": ("Counts", "计量"),
    "uses_least": ("Uses, best options", "消耗（最优配料）"),
    "uses_most": ("Uses, worst options", "消耗（最差配料）"),
    "norms_note": (
        "Per unit of the product, by-products deducted; slots make it a range from the best to the worst options.",
        "按单位产品计，扣除副产物；可替代原料使其成为由最优到最差配料的区间。",
    ),
    # ledger of exchanges
    "ledger_group": ("What exchange is worth", "交换的价值"),
    "ledger": ("Ledger of exchanges against “{other}”", "交换台账（相对“{other}”）"),
    "ledger_note": (
        "What each exchange spares in purchases and disposal, less sales given up and carriage. * is a share in "
        "proportion, where several give and several take.",
        "各项交换省去的采购和处置，减去放弃的销售和运输。* 表示多方供给、多方使用时按比例分摊。",
    ),
    "ledger_refused": ("There is no ledger of exchanges: {why}", "无法编制交换台账：{why}"),
    # measures
    "measures_group": ("Measures and what abatement costs", "措施与减排成本"),
    "measures_note": (
        "Per year, against the same scenario without measures: net cost is annuity and annual cost less what the "
        "profit gains; negative where money is saved. Effects of measures that act on the same flow do not add up.",
        "按年计，与无措施的同一情景相比：净成本为年金与年费用之和减去利润增加额，负值表示节约。"
        "作用于同一物流的措施，其效果不可相加。",
    ),
    "curve_note": (
        "Each step counts what it adds to those before it, so that the steps add up to the joint effect.",
        "每一步只计在前面各步基础上的增量，因此各步之和等于共同效果。",
    ),
    "off_curve": ("not on the curve", "未列入曲线"),
    "best_portfolio": abating["portfolio"],
    "measures_asked": (
        "The case states {count} measures. `parkloop report … --sections measures` counts what they abate; that takes "
        "many solves.",
        "案例列有 {count} 项措施。`parkloop report … --sections measures` 可计算其减排量，需多次求解。",
    ),
    "measures_refused": ("Measures are not counted: {why}", "未计算措施：{why}"),
    # fair shares
    "shares_group": ("Fair shares of the joint saving", "共同节约的公平分摊"),
    "shares_note": (
        "What each adds to those who joined before it, on average over all orders (Shapley value), and the split that "
        "leaves the strongest objection as weak as can be (nucleolus).",
        "按所有加入次序平均的边际贡献（沙普利值），以及使最强异议最弱的分摊（核仁）。",
    ),
    "settlement_note": (
        "What each receives so that it has its account apart and its share; payments add up to nothing.",
        "使各方得到其各自为政时账目与分摊额所需的收付；收付合计为零。",
    ),
    "shares_refused": ("The joint saving is not split: {why}", "未分摊共同节约：{why}"),
}
