"""Why a case has no answer and what would give it one, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases
from .limit_phrases import limit_phrases

field_phrases = Phrases(
    {
        "maximum": ("the maximum of policy {name}", "政策 {name} 的上限"),
        "minimum": ("the minimum of policy {name}", "政策 {name} 的下限"),
        "kept": ("the limit of the bank of policy {name}", "政策 {name} 结余配额的上限"),
        "charge": ("what policy {name} leaves free", "政策 {name} 的免费额度"),
        "returns": ("the share that comes back as {thing}", "以{thing}返回的比例"),
        "must_take": ("the duty to take all {thing} that comes back", "全部接收返回的{thing}的义务"),
        "campaign": (
            "the campaigns of {thing}, which works in one mode at a time",
            "{thing}的轮换生产（同一时间只按一种模式运行）",
        ),
        "stay_off": ("the least time off of {thing}", "{thing}的最短停运时间"),
        "stay_on": ("the least time on of {thing}", "{thing}的最短运行时间"),
        "stay_in_mode": ("the least time in a mode of {thing}", "{thing}按一种模式运行的最短时间"),
        "largest_growth": ("the largest growth under policy {name}", "政策 {name} 的最大增长"),
        "least_growth": ("the least growth under policy {name}", "政策 {name} 的最小增长"),
        "retire_by": ("the closing of {thing} by {period}", "{thing}在 {period} 前的退役"),
        "changeover_time": ("the time that a changeover of {thing} takes", "{thing}的转产时间"),
        "expires": ("the time after which allowances of policy {name} expire", "政策 {name} 配额的失效期限"),
        "borrow": ("what may be borrowed under policy {name}", "政策 {name} 允许预借的额度"),
        "share_back": ("the share of {product} that comes back as {thing}", "{product}以{thing}返回的比例"),
        "how_far": ("how far by-products may pass", "副产物可交换的范围"),
        # names of bounds, of which one takes another along
        "min": ("minimum", "下限"),
        "max": ("maximum", "上限"),
        "initial": ("opening level", "期初库存"),
        "end": ("closing level", "期末库存"),
        "capacity": ("capacity", "库容"),
        # what to write
        "times_profile": ("{times} times its profile", "其曲线的 {times} 倍"),
        "soften_missed": (
            "let {what} be missed: write `{field}: {after}` beside it, or a price of your own",
            "允许{what}欠缺：在其旁写明 `{field}: {after}`，或自定价格",
        ),
        "soften_exceeded": (
            "let {what} be exceeded: write `{field}: {after}` beside it, or a price of your own",
            "允许{what}超出：在其旁写明 `{field}: {after}`，或自定价格",
        ),
        "drop": ("drop {what}: write `{field}: {after}`", "取消{what}：写明 `{field}: {after}`"),
        "write_exchange": (
            "write `exchange: {after}` in place of `{before}`",
            "将 `{before}` 改写为 `exchange: {after}`",
        ),
        "raise": ("raise {what}", "提高{what}"),
        "lower": ("lower {what}", "降低{what}"),
        "change": ("change {what}", "改变{what}"),
        "raise_to": ("raise {what} to {after}", "将{what}提高到 {after}"),
        "lower_to": ("lower {what} to {after}", "将{what}降低到 {after}"),
        "change_to": ("change {what} to {after}", "将{what}改为 {after}"),
        "raise_from_to": ("raise {what} from {before} to {after}", "将{what}由 {before} 提高到 {after}"),
        "lower_from_to": ("lower {what} from {before} to {after}", "将{what}由 {before} 降低到 {after}"),
        "change_from_to": ("change {what} from {before} to {after}", "将{what}由 {before} 改为 {after}"),
    },
    limit_phrases,
)
"""fields of the case that give way, and how"""

blocked_phrases = Phrases(
    {
        # ways out
        "cheapest": ("The smallest change that gives it an answer", "使其有解的最小改动"),
        "ask less": ("Or ask for less", "或降低要求"),
        "allow more": ("Or allow more", "或放宽允许"),
        "alone": ("Or change this alone", "或仅改动此项"),
        "exchange": ("Or let by-products pass between companies and parks", "或允许副产物在企业间和园区间交换"),
        # the whole
        "cannot": ("{what} ({where}) cannot be met: {missed}", "{what}（{where}）无法满足：{missed}"),
        "whatever": (
            "{head}, whatever the other limits of the case: the recipes themselves allow no more",
            "{head}，与案例的其他限值无关：配方本身不允许更多",
        ),
        "because_of": ("{head}, because {reasons}", "{head}，因为{reasons}"),
        "unnamed": ("{count} more lines leave no room", "另有 {count} 处没有余地"),
        "grouped": ("{material} {verb} {limits}", "{material}{verb}{limits}"),
        "limited_by": ("is limited by", "受限于"),
        "no_further": ("can go no further than", "不能超出"),
        # what is asked for
        "limit_on": ("the limit on {what}", "对{what}的限制"),
        "all_taken": ("that all {thing}{at} that comes back is taken", "返回的{thing}{at}全部接收"),
        "growth_of": ("growth under policy {policy} of at least {figure}", "政策 {policy} 要求的至少 {figure} 的增长"),
        "policy_of": ("policy {policy} of at least {figure}", "政策 {policy} 要求的至少 {figure}"),
        "its_minimum": ("its minimum", "其下限"),
        "ends_as": ("that {thing}{at} ends with what it began with", "{thing}{at}期末库存与期初相同"),
        "holds": ("that {thing}{at} holds at least {figure} at the end", "{thing}{at}期末至少保有 {figure}"),
        "begins": ("that {thing}{at} begins with {figure}", "{thing}{at}期初保有 {figure}"),
        "contract_sell": (
            "the contract to sell at least {figure} of {thing}{at}",
            "至少外售{thing} {figure} 的合同{at}",
        ),
        "contract_buy": ("the contract to buy at least {figure} of {thing}{at}", "至少外购{thing} {figure} 的合同{at}"),
        "contract_discard": (
            "the contract to discard at least {figure} of {thing}{at}",
            "至少处置{thing} {figure} 的合同{at}",
        ),
        "fixed_run": ("the fixed run of {thing}{at}", "{thing}{at}的给定运行量"),
        "min_load": ("the minimum load of {thing}{at}", "{thing}{at}的最低负荷"),
        "least_run": ("the least run of {thing}{at}", "{thing}{at}的最小运行量"),
        # by how much it is missed
        "falls_short": ("it falls short", "达不到"),
        "falls_short_end": ("it falls short and can end with {after} at most", "达不到，期末至多为 {after}"),
        "modes": ("more than one mode is needed{when}", "需要不止一种模式{when}"),
        "most_possible": ("{after} is the most that is possible{when}", "至多可达 {after}{when}"),
        "least_possible": ("{after} is the least that is possible{when}", "至少需要 {after}{when}"),
        "exceeded_by": ("exceeded by {gap}{when}", "超出 {gap}{when}"),
        "short_by": ("short by {gap}{when}", "欠缺 {gap}{when}"),
        # what is in the way
        "must_end": ("{thing}{at} must end with what it began with{when}", "{thing}{at}期末库存须与期初相同{when}"),
        "must_hold": (
            "{thing}{at} must hold at least {figure} at the end{when}",
            "{thing}{at}期末至少须保有 {figure}{when}",
        ),
        "must_begin": ("{thing}{at} begins with {figure}{when}", "{thing}{at}期初仅有 {figure}{when}"),
        "must_keep": ("{asked} must be kept{when}", "须满足{asked}{when}"),
        "keeps": ("policy {policy} keeps {bound}{when}", "政策 {policy} 结余{bound}{when}"),
        "leaves": ("policy {policy} leaves {bound} free{when}", "政策 {policy} 的免费额度{bound}{when}"),
        "asks_for": ("policy {policy} asks for {bound}{when}", "政策 {policy} 要求{bound}{when}"),
        "allows": ("policy {policy} allows {bound}{when}", "政策 {policy} 允许{bound}{when}"),
        "asks_for_growth": ("policy {policy} asks for growth of {bound}{when}", "政策 {policy} 要求增长{bound}{when}"),
        "allows_growth": ("policy {policy} allows growth of {bound}{when}", "政策 {policy} 允许增长{bound}{when}"),
        "must_be": ("{bound} of {thing} must be {done}{at}{when}", "{thing}须{done}{bound}{at}{when}"),
        "can_be": ("{bound} of {thing} can be {done}{at}{when}", "{thing}{done}量{bound}{at}{when}"),
        "closed_by": ("{thing} is closed by {period}", "{thing}在 {period} 前退役"),
        "one_mode": ("{thing} works in one mode at a time", "{thing}同一时间只按一种模式运行"),
        "no_room": ("{limit} leaves no room{when}", "{limit}没有余地{when}"),
        "limit_when": ("{limit}{when}", "{limit}{when}"),
        "not_bought": ("no {material} can be bought", "{material}无法外购"),
        "not_sold": ("no {material} can be sold or discarded", "{material}无法外售或处置"),
        "at_least": ("at least {figure}", "至少 {figure}"),
        "at_most": ("at most {figure}", "至多 {figure}"),
        "its_series": ("its series", "其序列值"),
    },
    field_phrases,
)
"""what cannot be met, by how much, and what is in the way"""
