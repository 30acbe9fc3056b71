"""Words of tables in English and Chinese, each once for the terminal, the page and the workbook."""

from __future__ import annotations

from ..flows.wording import Phrases

common = Phrases(
    {
        # places and things
        "case": ("case", "算例"),
        "scenario": ("scenario", "情景"),
        "park": ("park", "园区"),
        "company": ("company", "企业"),
        "plant": ("plant", "装置"),
        "process": ("process", "工艺"),
        "material": ("material", "物料"),
        "product": ("product", "产品"),
        "period": ("period", "时段"),
        "policy": ("policy", "政策"),
        "indicator": ("indicator", "指标"),
        "account": ("account", "科目"),
        "item": ("item", "项目"),
        "fate": ("fate", "去向"),
        "class": ("class", "类别"),
        "source": ("source", "来源"),
        "access": ("access", "获取方式"),
        "published": ("published", "公开发表"),
        "stoichiometric": ("stoichiometric", "化学计量"),
        "estimate": ("estimate", "估计"),
        "unstated": ("not stated", "未说明"),
        "read": ("read", "已读"),
        "recalled": ("recalled", "凭记忆"),
        "line": ("stated at", "出处"),
        "where": ("where", "位置"),
        "status": ("status", "状态"),
        "because": ("because", "原因"),
        "standard": ("standard", "标准"),
        "name": ("name", "名称"),
        # figures
        "amount": ("amount", "数量"),
        "value": ("value", "数值"),
        "unit": ("unit", "单位"),
        "share": ("share", "份额"),
        "price": ("price", "价格"),
        "shadow_price": ("shadow price", "影子价格"),
        "capacity": ("capacity", "产能"),
        "limit": ("limit", "约束"),
        "bound": ("bound", "限值"),
        "binds": ("binds", "起作用"),
        "run": ("run", "产量/处理量"),
        "load": ("of capacity", "负荷率"),
        "baseline": ("baseline", "基准"),
        "against": ("against", "对照"),
        "difference": ("difference", "差值"),
        "certified": ("certified", "已验证"),
        "method": ("method", "求解方法"),
        "option": ("option", "选项"),
        "confidence": ("confidence", "可信度"),
        "more": ("more", "增加"),
        "less": ("less", "减少"),
        "colon": (":", "："),
        "sentence": ("{text}.", "{text}。"),
        "all": ("all", "全部"),
        "ratio": ("ratio", "比率"),
        "yes": ("yes", "是"),
        "no": ("no", "否"),
        "note": ("note", "注"),
        "maximise": ("max", "最大化"),
        "minimise": ("min", "最小化"),
        "optimal": ("optimal", "最优"),
        "infeasible": ("infeasible", "不可行"),
        "unbounded": ("unbounded", "无界"),
        "stopped": ("stopped", "未证明即停止"),
        # fates
        "made": ("made", "产生"),
        "bought": ("bought", "外购"),
        "received": ("received", "接收"),
        "used": ("used", "利用"),
        "treated": ("treated", "处理"),
        "sold": ("sold", "外售"),
        "discarded": ("discarded", "处置/排放"),
        "exchanged": ("exchanged", "企业间交换"),
        "shipped": ("shipped", "运往他园"),
        "stored": ("stored", "净入库"),
        "of_it_exchanged": ("of it exchanged", "其中企业间交换"),
        "of_it_shipped": ("of it shipped", "其中运往他园"),
        "coming_in": ("in", "流入"),
        "going_out": ("out", "流出"),
        # capacity
        "built": ("built", "新建"),
        "closed": ("closed for good", "退役"),
        # revenue and cost
        "profit": ("profit", "利润"),
        "revenue": ("revenue", "收入"),
        "cost": ("cost", "成本"),
        "sale": ("sale", "销售"),
        "purchase": ("purchase", "采购"),
        "disposal": ("disposal", "处置费"),
        "variable": ("variable cost", "可变成本"),
        "fixed": ("fixed cost", "固定成本"),
        "link": ("link", "管线费"),
        "transport": ("transport", "运费"),
        "start": ("start", "启动费"),
        "holding": ("holding", "库存费"),
        "capital": ("capital", "投资"),
        "new_capacity": ("new capacity", "新增产能"),
        "closing": ("closing", "退役费用"),
        "extension": ("extension", "扩展约束"),
        # titles
        "summary": ("Summary", "概要"),
        "totals": ("Totals", "总量"),
        "plants": ("Plants", "装置"),
        "companies": ("Companies", "企业"),
        "indicators": ("Indicators", "指标"),
        "policies": ("Policies", "政策"),
        "sources": ("Sources", "来源"),
        "shadow_prices": ("Shadow prices", "影子价格"),
        "missing": ("Not computable", "不可计算"),
        "proof": ("Certificate", "验证"),
        "residues": ("By-products and wastes: what became of them", "副产物与废物去向"),
        "inputs": ("What differs in the inputs", "输入差异"),
    }
)


def heads(*keys: str) -> dict[str, tuple[str, str]]:
    """Return common words as they head a column: in English with a capital letter."""
    return {key: head(common[key]) for key in keys}


def head(word: tuple[str, str]) -> tuple[str, str]:
    """Return a word as it heads a column: in English with a capital letter."""
    return word[0][:1].upper() + word[0][1:], word[1]
