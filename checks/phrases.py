"""What a check says: what differs, what changed in the input, and how it came out, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases, Saying
from ..reports.words import common

phrases = Phrases(
    {
        # how it came out
        "invalid": ("INVALID", "无效"),
        "differs": ("DIFFERS", "不一致"),
        "case_one": ("{count} case", "{count} 个算例"),
        "case_many": ("{count} cases", "{count} 个算例"),
        "scenario_one": ("{count} scenario", "{count} 个情景"),
        "scenario_many": ("{count} scenarios", "{count} 个情景"),
        "comparison_one": ("{count} comparison", "{count} 项比较"),
        "comparison_many": ("{count} comparisons", "{count} 项比较"),
        "difference_one": ("{count} difference", "{count} 处差异"),
        "difference_many": ("{count} differences", "{count} 处差异"),
        "differences_in": ("{differences} in {cases}", "{cases}中有 {differences}"),
        "as_expected": ("all as expected", "全部符合预期"),
        "came_out": ("{cases}, {scenarios}, {comparisons}: {told}", "{cases}，{scenarios}，{comparisons}：{told}"),
        "cached_one": ("{told} ({count} case unchanged since it passed)", "{told}（{count} 个算例自通过后未变）"),
        "cached_many": ("{told} ({count} cases unchanged since they passed)", "{told}（{count} 个算例自通过后未变）"),
        "smaller_one": (
            "… and {count} smaller difference (all of them with --format json)",
            "…… 另有 {count} 处较小差异（--format json 可列出全部）",
        ),
        "smaller_many": (
            "… and {count} smaller differences (all of them with --format json)",
            "…… 另有 {count} 处较小差异（--format json 可列出全部）",
        ),
        "placed": ("{place}: {scenario}: {what}", "{place}：{scenario}：{what}"),
        # what changed in the input
        "changed": ("input that changed since {since}:", "自{since}以来变动的输入："),
        "unchanged": ("no input is known to have changed since {since}", "自{since}以来未发现输入变动"),
        "the_baseline": ("the baseline", "基线"),
        "last_commit": ("the last commit", "上次提交"),
        "new": ("{name}is new: {after}", "{name}为新增：{after}"),
        "gone": ("{name}is gone from here; it was {before}", "{name}已从此处删除；原为 {before}"),
        "changed_to": ("{name}is {after}, was {before}{kind}", "{name}为 {after}，原为 {before}{kind}"),
        "nothing_there": ("nothing", "空"),
        "other_unit": (" (of another kind of unit)", "（单位种类不同）"),
        "sign": (" (the sign)", "（正负号）"),
        "times": (" ({factor} times)", "（{factor} 倍）"),
        "part": (" (1/{factor})", "（1/{factor}）"),
        # status and reason
        "other_status": (
            "the scenario is {status}, where {expected} was expected",
            "该情景为{status}，预期为{expected}",
        ),
        "said_why": ("{what}: {why}", "{what}：{why}"),
        "blocked": ("{what}; it is blocked by {fields}", "{what}；受阻于 {fields}"),
        "no_longer": (
            "`{path}` no longer makes the scenario infeasible; {now}",
            "`{path}` 不再使该情景不可行；{now}",
        ),
        "blocked_now": ("it is now blocked by {fields}", "现受阻于 {fields}"),
        "no_cause": ("no cause was found", "未找到原因"),
        "uncertified": (
            "the answer is not certified: its residuals are too large",
            "该解未通过验证：残差过大",
        ),
        "gave_up": ("the solver gave up: {why}", "求解器放弃：{why}"),
        # what nobody expects
        "not_in_baseline": (
            "the baseline `{file}` does not have scenario `{scenario}`; record it with `parkloop check --update`",
            "基线 `{file}` 中没有情景 `{scenario}`；请用 `parkloop check --update` 记录",
        ),
        "not_expected": (
            "nothing is expected of scenario `{scenario}`, and no baseline is recorded; state it under `expect:`, or "
            "record a baseline with `parkloop check --record`",
            "情景 `{scenario}` 没有预期值，也没有基线；请写入 `expect:`，或用 `parkloop check --record` 记录基线",
        ),
        "left_over": (
            "scenario `{scenario}` of the baseline is gone from the case",
            "基线中的情景 `{scenario}` 已不在算例中",
        ),
        "unknown_tolerance": (
            "a tolerance is stated for `{name}`, of which nothing is expected",
            "为 `{name}` 写了允许偏差，但没有其预期值",
        ),
        "unknown_policy": (
            "policy `{name}` should bind, but the case has no such policy",
            "政策 `{name}` 应起作用，但算例中没有该政策",
        ),
        "unknown_quantity": ("unknown quantity `{name}`: {why}", "未知的量 `{name}`：{why}"),
        "wrong_quantity": ("`{name}`: {why}", "`{name}`：{why}"),
        "mended": ("{what}; {mend}", "{what}；{mend}"),
        # policies and figures
        "now_binds": ("policy `{name}` binds, and did not", "政策 `{name}` 起作用，此前不起作用"),
        "binds_no_more": ("policy `{name}` no longer binds", "政策 `{name}` 不再起作用"),
        "over_nothing": (
            "{what} cannot be computed: it is a ratio over nothing",
            "{what}无法计算：比率的分母为零",
        ),
        "moved": (
            "{what} is {now}{free}, {change} the expected {was}",
            "{what}为 {now}{free}，预期为 {was}（{change}）",
        ),
        "at_optimum": (" at the optimum", "（最优解范围）"),
        "span": ("{low} to {high}", "{low} 至 {high}"),
        "not_that": ("not", "不同"),
        "other_sign": ("of the other sign than", "正负号相反"),
        "round_times": ("{factor} times", "{factor} 倍"),
        "round_part": ("1/{factor} of", "1/{factor}"),
        "above": ("{part} above", "高 {part}"),
        "below": ("{part} below", "低 {part}"),
        "times_above": ("{part} times above", "高 {part} 倍"),
        "times_below": ("{part} times below", "低 {part} 倍"),
        "the_total": ("the total of {material} {fate}", "{material}{fate}总量"),
        "the_indicator": ("indicator {name}", "指标 {name}"),
        "the_flow": ("the flow `{name}`", "流量 `{name}`"),
        # accepting
        "recorded": ("{file}: recorded", "{file}：已记录"),
        "by_hand": ("{what} (by hand)", "{what}（手工修改）"),
        "nothing_to_accept": ("{file}: nothing to accept", "{file}：没有需要接受的变化"),
        "unchecked_one": (
            "{count} more case was not checked (--fail-fast)",
            "另有 {count} 个算例未检查（--fail-fast）",
        ),
        "unchecked_many": (
            "{count} more cases were not checked (--fail-fast)",
            "另有 {count} 个算例未检查（--fail-fast）",
        ),
    },
    common,
)
"""verdicts of checks"""


def number(count: int, what: str, **parts: object) -> Saying:
    """Say how many of something there are: `1 case`, `2 cases`."""
    return phrases.tell(f"{what}_{'one' if count == 1 else 'many'}", count=count, **parts)
