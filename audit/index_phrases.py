"""Formulas and thresholds of official indicators, and why material flows do not answer some, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases

index_phrases = Phrases(
    {
        # why not
        "no_flow": ("it counts {what}, which is no flow of a material", "该指标统计{what}，不属于物料流动"),
        "companies": ("companies by their status", "特定资质的企业"),
        "people": ("people", "人口"),
        "land": ("land", "土地"),
        "compliance": ("compliance", "达标情况"),
        "targets": ("targets", "目标完成情况"),
        "incidents": ("incidents", "环境事件"),
        "management": ("management", "管理水平"),
        "audits": ("audits", "清洁生产审核"),
        "facilities": ("facilities", "设施"),
        "disclosure": ("disclosure", "信息公开"),
        "events": ("events", "宣传活动"),
        "years": (
            "it compares years, and an answer has one state of the park",
            "该指标需跨年比较，而解只给出园区的一个状态",
        ),
        "recycling_industry": (
            "the case does not say which companies are recycling industry",
            "案例未注明哪些企业属于资源再生利用产业",
        ),
        "collected": (
            "the case does not say what recyclables are collected",
            "案例未注明回收的再生资源量",
        ),
        "arising": ("the case does not say what recyclables arise", "案例未注明再生资源产生量"),
        "renewable": ("the case does not say which energy is renewable", "案例未注明哪些能源可再生"),
        "water_again": (
            "recipes count water net of what plants use again inside",
            "配方中的水量已扣除装置内部的重复利用",
        ),
        "sewage": (
            "treated sewage of the park is not told from other effluent",
            "园区处理后的污水与其他出水未作区分",
        ),
        "safe_disposal": (
            "the case does not say which outlets of discards are safe disposal",
            "案例未注明哪些处置去向属于安全处置",
        ),
        "resources": (
            "the case does not group what it buys into the resources that are counted",
            "案例未将外购物料按所统计的资源归类",
        ),
        "five_rates": (
            "four of the five rates are of straw, towns and construction",
            "五项比率中有四项涉及秸秆、城镇和建筑垃圾",
        ),
        "straw": ("straw is of the region, not of a park", "秸秆属于区域，不属于园区"),
        "town": ("it is of the town, not of a park", "该指标属于城镇，不属于园区"),
        "pollutants": (
            "recipes do not state all of COD, ammonia nitrogen, SO2 and NOx",
            "配方未完整给出 COD、氨氮、SO2 和 NOx",
        ),
        # formulas
        "solid_use": (
            "(made - treated - discarded - stored) / made, materials tagged solid",
            "（产生 − 处理 − 处置/排放 − 净入库）/ 产生，标签为 solid 的物料",
        ),
        "energy_intensity": (
            "comprehensive energy (calorific value) / value added",
            "综合能耗（当量值）/ 增加值",
        ),
        "water_intensity": (
            "fresh water bought / value added, 1 m3 = 1 t",
            "外购新鲜水 / 增加值，1 m3 = 1 t",
        ),
        "wastewater_intensity": (
            "discarded, materials wastewater and treated_effluent / value added",
            "排放的 wastewater 和 treated_effluent / 增加值",
        ),
        "solid_intensity": (
            "made, materials tagged solid / value added",
            "标签为 solid 的物料产生量 / 增加值",
        ),
        "resource_productivity": ("GDP / main resources", "GDP / 主要资源消费量"),
        "mean_rates": ("mean of five rates", "五项比率的平均值"),
        "energy_productivity": (
            "value added / comprehensive energy (calorific value); GDP in the system",
            "增加值 / 综合能耗（当量值）；原体系用 GDP",
        ),
        "water_productivity": (
            "value added / fresh water bought; GDP in the system",
            "增加值 / 外购新鲜水；原体系用 GDP",
        ),
        "land_productivity": ("GDP / construction land", "GDP / 建设用地面积"),
        "used_collectable": ("used / collectable", "利用量 / 可收集量"),
        "reused_fresh": ("reused / (reused + fresh)", "重复用水量 /（重复用水量 + 新鲜水量）"),
        "recovered_arising": ("recovered / arising", "回收量 / 产生量"),
        "treated_arising": ("treated / arising", "处理量 / 产生量"),
        "reused_sewage": ("reused / treated sewage", "再生利用量 / 污水处理量"),
        "sum": ("sum", "合计"),
        "solid_disposed": (
            "discarded and treated, materials tagged solid, over all periods",
            "标签为 solid 的物料在全部时段的处置与处理量",
        ),
        "wastewater": (
            "discarded, materials wastewater and treated_effluent, over all periods",
            "wastewater 和 treated_effluent 在全部时段的排放量",
        ),
        # thresholds
        "where_growing": ("{bound} where value added grows", "{bound}（增加值增长时）"),
        "where_short": ("{bound} in cities short of water", "{bound}（缺水城市）"),
        "all": ("all", "全部完成"),
        "in_place": ("in place", "具备"),
        "a_year": ("{bound} a year", "{bound}（每年）"),
    }
)
"""official indicators in words"""
