"""Indicators of two official systems, and those of them that material flows answer.

HJ 274-2015 is the standard for national demonstration eco-industrial parks (32 indicators), the other one the
evaluation index system of circular-economy development, 2017 edition (17 indicators). Both lists, their formulas and
their thresholds are as recalled, not read in the text, and every answer says so.
"""

# ruff: noqa: E501  a row of these tables is one line

from __future__ import annotations

from dataclasses import dataclass

from ..flows.tables import Label
from ..flows.wording import Saying
from .index_phrases import index_phrases

HJ274, CE2017 = "HJ 274-2015", "循环经济发展评价指标体系(2017年版)"
ACCESS = "recalled"
"""how the lists were accessed"""
_t = index_phrases.tell


@dataclass(frozen=True)
class Official:
    """One indicator of a system; either `key` names what answers it, or `because` says why nothing does."""

    system: str
    number: int
    name: Label
    formula: str
    unit: str
    threshold: str
    key: str = ""
    because: str = ""


def _hj(number: int, en: str, zh: str, threshold: str, **more: str) -> Official:
    words = {"formula": "", "unit": "", **more}
    return Official(HJ274, number, Label(f"hj274_{number}", en, zh), threshold=threshold, **words)


def _ce(number: int, en: str, zh: str, formula: str, unit: str, **more: str) -> Official:
    return Official(CE2017, number, Label(f"ce2017_{number}", en, zh), formula, unit, "", **more)


def _not(what: str) -> Saying:
    return _t("no_flow", what=_t(what))


INDICATORS = (
    _hj(1, "High-tech share of output", "高新技术企业工业总产值占园区工业总产值比例", ">= 30 %", because=_not("companies")),
    _hj(2, "Value added per head", "人均工业增加值", ">= 15 万元", because=_not("people")),
    _hj(3, "Growth of value added over three years", "园区工业增加值三年年均增长率", ">= 15 %", because=_t("years")),
    _hj(4, "Recycling industry's share of value added", "资源再生利用产业增加值占园区工业增加值比例", ">= 30 %", because=_t("recycling_industry")),
    _hj(5, "New links of industrial symbiosis", "建设规划实施后新增构建生态工业链项目数量", ">= 6", because=_t("years")),
    _hj(6, "Industrial solid waste put to use", "工业固体废物综合利用率", ">= 70 %", formula=_t("solid_use"), unit="%", key="solid_use"),
    _hj(7, "Recycled resources circulated", "再生资源循环利用率", ">= 80 %", because=_t("collected")),
    _hj(8, "Value added per industrial land", "单位工业用地面积工业增加值", ">= 9 亿元/km2", because=_not("land")),
    _hj(9, "Growth of value added per land", "单位工业用地面积工业增加值三年年均增长率", ">= 6 %", because=_t("years")),
    _hj(10, "Elasticity of energy", "综合能耗弹性系数", _t("where_growing", bound="<= 0.6"), because=_t("years")),
    _hj(11, "Comprehensive energy per value added", "单位工业增加值综合能耗", "<= 0.5 tce/万元", formula=_t("energy_intensity"), unit="tce/万元", key="energy_intensity"),
    _hj(12, "Renewable energy", "可再生能源使用比例", ">= 9 %", because=_t("renewable")),
    _hj(13, "Elasticity of fresh water", "新鲜水耗弹性系数", _t("where_growing", bound="<= 0.55"), because=_t("years")),
    _hj(14, "Fresh water per value added", "单位工业增加值新鲜水耗", "<= 8 m3/万元", formula=_t("water_intensity"), unit="m3/万元", key="water_intensity"),
    _hj(15, "Industrial water used again", "工业用水重复利用率", ">= 75 %", because=_t("water_again")),
    _hj(16, "Reclaimed water used", "再生水（中水）回用率", _t("where_short", bound=">= 20 %"), because=_t("sewage")),
    _hj(17, "Key polluters in compliance", "工业园区重点污染源稳定排放达标情况", "100 %", because=_not("compliance")),
    _hj(18, "Total-load targets met", "工业园区国家重点污染物排放总量控制指标及地方特征污染物排放总量控制指标完成情况", _t("all"), because=_not("targets")),
    _hj(19, "Major environmental incidents", "工业园区内企事业单位发生特别重大、重大突发环境事件数量", "0", because=_not("incidents")),
    _hj(20, "Environmental management", "环境管理能力完善度", "100 %", because=_not("management")),
    _hj(21, "Cleaner-production audits", "工业园区重点企业清洁生产审核实施率", "100 %", because=_not("audits")),
    _hj(22, "Central wastewater plant", "污水集中处理设施", _t("in_place"), because=_not("facilities")),
    _hj(23, "Environmental risk control", "园区环境风险防控体系建设完善度", "100 %", because=_not("management")),
    _hj(24, "Solid waste treated or used", "工业固体废物（含危险废物）处置利用率", "100 %", because=_t("safe_disposal")),
    _hj(25, "Elasticity of main pollutants", "主要污染物排放弹性系数", _t("where_growing", bound="<= 0.3"), because=_t("years")),
    _hj(26, "Yearly cut of CO2 per value added", "单位工业增加值二氧化碳排放量年均削减率", ">= 3 %", because=_t("years")),
    _hj(27, "Wastewater per value added", "单位工业增加值废水排放量", "<= 7 t/万元", formula=_t("wastewater_intensity"), unit="t/万元", key="wastewater_intensity"),
    _hj(28, "Solid waste made per value added", "单位工业增加值固废产生量", "<= 0.1 t/万元", formula=_t("solid_intensity"), unit="t/万元", key="solid_intensity"),
    _hj(29, "Green cover", "绿化覆盖率", ">= 15 %", because=_not("land")),
    _hj(30, "Disclosure by key companies", "重点企业环境信息公开率", "100 %", because=_not("disclosure")),
    _hj(31, "Information platform", "生态工业信息平台完善程度", "100 %", because=_not("disclosure")),
    _hj(32, "Awareness events", "生态工业主题宣传活动", _t("a_year", bound=">= 2"), because=_not("events")),
    _ce(1, "Main resource productivity", "主要资源产出率", _t("resource_productivity"), "CNY/t", because=_t("resources")),
    _ce(2, "Main wastes recycled", "主要废弃物循环利用率", _t("mean_rates"), "%", because=_t("five_rates")),
    _ce(3, "Energy productivity", "能源产出率", _t("energy_productivity"), "CNY/tce", key="energy_productivity"),
    _ce(4, "Water productivity", "水资源产出率", _t("water_productivity"), "CNY/t", key="water_productivity"),
    _ce(5, "Land productivity", "建设用地产出率", _t("land_productivity"), "CNY/m2", because=_not("land")),
    _ce(6, "Straw used", "农作物秸秆综合利用率", _t("used_collectable"), "%", because=_t("straw")),
    _ce(7, "Industrial solid waste put to use", "一般工业固体废物综合利用率", _t("solid_use"), "%", key="solid_use"),
    _ce(8, "Industrial water used again", "规模以上工业企业重复用水率", _t("reused_fresh"), "%", because=_t("water_again")),
    _ce(9, "Main recyclables recovered", "主要再生资源回收率", _t("recovered_arising"), "%", because=_t("arising")),
    _ce(10, "Food waste treated", "城市餐厨废弃物资源化处理率", _t("treated_arising"), "%", because=_t("town")),
    _ce(11, "Construction waste treated", "城市建筑垃圾资源化处理率", _t("treated_arising"), "%", because=_t("town")),
    _ce(12, "Town's reclaimed water used", "城市再生水利用率", _t("reused_sewage"), "%", because=_t("town")),
    _ce(13, "Output of the recycling industry", "资源循环利用产业总产值", _t("sum"), "CNY", because=_t("recycling_industry")),
    _ce(14, "Industrial solid waste disposed of", "工业固体废物处置量", _t("solid_disposed"), "t", key="solid_disposed"),
    _ce(15, "Industrial wastewater discharged", "工业废水排放量", _t("wastewater"), "t", key="wastewater"),
    _ce(16, "Municipal waste landfilled", "城镇生活垃圾填埋处理量", _t("sum"), "t", because=_t("town")),
    _ce(17, "Key pollutants emitted", "重点污染物排放量", _t("sum"), "t", because=_t("pollutants")),
)  # fmt: skip
