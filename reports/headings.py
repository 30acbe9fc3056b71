"""Headings of the tables that say what a case contains, in Chinese beside their English."""

from __future__ import annotations

from ..flows.wording import Language, said
from .words import common

_SHARED = (
    "park", "company", "plant", "process", "material", "product", "period", "policy", "indicator", "scenario", "class",
    "source", "access", "line", "because", "standard", "name", "amount", "value", "unit", "price", "capacity",
    "confidence", "share", "option", "plants", "indicators", "policies", "sources",
)  # fmt: skip
_OWN: dict[str, str] = {
    # columns
    "companies": "企业", "plants": "装置", "offers": "购销与处置", "chain": "产业链", "processes": "工艺",
    "bound or price": "限值或价格", "title": "标题", "measure": "措施", "investment": "投资", "lifetime": "寿命",
    "annual cost": "年费用", "changes": "变更", "formula or composition": "化学式或组成", "per": "基准量",
    "makes": "产出", "closure gap": "平衡偏差", "runs": "运行", "costs": "费用", "sources": "来源", "users": "用户",
    "store": "库存设施", "terms": "条款", "duration": "时长", "weight": "权重", "count": "次数", "profile": "曲线",
    "figures": "数值", "of": "来自产品", "after": "返回年限", "before": "期初已售", "taken": "回收要求",
    "offer": "类型", "limits": "界限", "route": "线路", "from": "起点", "to": "终点", "by": "运输方式",
    "distance": "距离", "carries": "运送物料", "mode": "运输方式", "excludes": "不运物料", "and park": "与园区",
    "gives": "支持", "cited by": "引用处", "side": "投入/产出", "range": "范围", "slot": "槽位", "need": "需求",
    "shares": "份额", "balance": "平衡", "in, t": "投入, t", "out, t": "产出, t", "gap": "偏差",
    "key": "键", "property": "属性", "as": "作为", "norm": "限额", "counts": "计量", "uses": "消耗",
    "advanced": "先进值", "entry": "准入值", "limit": "限定值", "meets": "达到", "line": "出处", "note": "说明",
    # titles
    "Parks": "园区", "Chains": "产业链", "Scenarios": "情景", "Measures": "措施", "Materials": "物料",
    "Processes": "工艺", "Shared units": "共用设备", "Stores": "库存设施", "Periods": "时段", "Profiles": "曲线",
    "Returns": "回流物料", "Offers": "购销与处置", "Routes": "线路", "Modes of transport": "运输方式",
    "Apart": "互不往来的园区", "Slots": "槽位", "Occurs in": "出现于",
    "Norms: use per unit of product, by-products deducted": "单位产品能耗（扣除副产物）",
}  # fmt: skip
HEADINGS = {common[key][0]: common[key][1] for key in _SHARED} | _OWN
"""English → Chinese"""


def heading(text: str, language: Language) -> str:
    """Return a heading of `parkloop show` in one language."""
    return HEADINGS.get(text, said(text, "zh")) if language == "zh" else str(text)
